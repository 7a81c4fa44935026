/**
 * A tiny folder in the shape of the data set, by file name, with one order for each quirk that its README names.
 * Made up for the tests; nothing of the real data is in it.
 */
export const OLIST_SAMPLE: { readonly [file: string]: string } = {
  'olist_orders_dataset.csv': `order_id,customer_id,order_status,order_purchase_timestamp,order_approved_at,order_delivered_carrier_date,order_delivered_customer_date,order_estimated_delivery_date
plain,c1,delivered,2018-03-01 10:00:30,2018-03-01 10:15:00,2018-03-02 09:00:00,2018-03-08 18:30:10,2018-03-20 00:00:00
minutes,c2,delivered,2018-05-07 11:30:00,2018-05-09 08:00:00,2018-05-08 16:20:00,2018-05-12 12:00:00,2018-05-11 00:00:00
undated,c3,delivered,2017-06-01 08:00:00,2017-06-01 09:00:00,2017-06-03 10:00:00,,2017-06-20 00:00:00
nothing,c4,unavailable,2017-11-20 23:59:59,2017-11-21 00:10:00,,,2017-12-05 00:00:00
undefined,c5,canceled,2018-09-04 14:00:00,,,,2018-09-20 00:00:00
early,c6,shipped,2018-04-10 12:00:00,2018-04-10 12:30:00,2018-04-10 07:00:00,,2018-04-30 00:00:00
gap,c7,processing,2017-10-15 00:20:00,2017-10-15 03:00:00,,,2017-10-14 00:00:00
`,
  'olist_customers_dataset.csv': `customer_id,customer_unique_id,customer_zip_code_prefix,customer_city,customer_state
c1,u1,04841,sao paulo,SP
c2,u2,39664,mendonca,MG
c3,u3,01001,sao paulo,SP
c4,u4,20000,rio de janeiro,RJ
c5,u5,30110,belo horizonte,MG
c6,u6,40010,salvador,BA
`,
  'olist_order_items_dataset.csv': `order_id,order_item_id,product_id,seller_id,shipping_limit_date,price,freight_value
plain,1,p1,s1,2018-03-07 10:15:00,58.9,13.29
plain,2,p2,s2,2018-03-06 10:15:00,100,0
minutes,1,p1,s1,2018-05-10 11:30:00,58.90,13.29
undated,1,p2,s1,2017-06-05 09:00:00,199.0,17.87
early,1,p9,s1,2018-04-14 12:00:00,10.5,1.05
gap,1,p1,s1,2017-10-19 00:20:00,20,5
`,
  'olist_order_payments_dataset.csv': `order_id,payment_sequential,payment_type,payment_installments,payment_value
plain,2,voucher,1,22.19
plain,1,credit_card,3,150.0
minutes,1,boleto,1,72.19
undated,1,debit_card,1,216.87
nothing,1,credit_card,1,80
undefined,1,not_defined,1,0.0
early,1,boleto,1,11.55
gap,1,credit_card,1,25
`,
  'olist_order_reviews_dataset.csv': `review_id,order_id,review_score,review_comment_title,review_comment_message,review_creation_date,review_answer_timestamp
r1,plain,5,,"Chegou antes, ""muito"" bom.
Recomendo.",2018-03-09 00:00:00,2018-03-10 11:00:00
r2,minutes,1,atrasado,,2018-05-12 00:00:00,
r2,early,2,,,2018-05-01 00:00:00,2018-05-02 09:30:00
`,
  'olist_products_dataset.csv': `product_id,product_category_name,product_name_lenght,product_description_lenght,product_photos_qty,product_weight_g,product_length_cm,product_height_cm,product_width_cm
p1,perfumaria,40,287,1,225,16,10,14
p2,artes,44,276,1,1000,30,18,20
p3,artes,44,276,1,,30,18,20
`,
  'olist_sellers_dataset.csv': `seller_id,seller_zip_code_prefix,seller_city,seller_state
s1,13023,campinas,SP
s2,13844,mogi guacu,SP
`,
  'product_category_name_translation.csv': `product_category_name,product_category_name_english
perfumaria,perfumery
beleza_saude,health_beauty
`,
  'extra_payments_no_order_row.csv': `order_id,payment_sequential,payment_type,payment_installments,payment_value
elsewhere,1,credit_card,2,72.19
`,
}
