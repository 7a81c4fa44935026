/** What the shop sells. Prices in fen, weights in grams. */
export interface Product {
  readonly sku: string
  readonly name: string
  readonly price: number
  readonly grams: number
  /** How often it is asked for, against others. */
  readonly demand: number
}

const product = (
  sku: string,
  name: string,
  rest: readonly [price: number, grams: number, demand: number],
): Product => ({
  ...{ sku, name, price: rest[0], grams: rest[1], demand: rest[2] },
})

export const PRODUCTS: readonly Product[] = [
  product('AF-50', '空气炸锅 5 升', [39_900, 5200, 10]),
  product('AF-35', '空气炸锅 3.5 升', [26_900, 4100, 5]),
  product('KT-17', '电热水壶 1.7 升', [12_900, 1400, 9]),
  product('KT-10', '旅行折叠水壶', [8900, 700, 4]),
  product('RC-30', '智能电饭煲 3 升', [34_900, 4800, 5]),
  product('BL-12', '破壁料理机', [49_900, 6100, 3]),
  product('TO-25', '电烤箱 25 升', [45_900, 8300, 2]),
  product('CM-04', '手冲咖啡套装', [19_900, 1600, 4]),
  product('TEA-08', '明前龙井 125 克', [16_800, 260, 8]),
  product('TEA-11', '凤凰单丛 150 克', [13_800, 290, 4]),
  product('TEA-20', '熟普洱饼 357 克', [9900, 480, 3]),
  product('TC-06', '青瓷茶具六件套', [25_800, 2300, 3]),
  product('TW-02', '纯棉毛巾 两条装', [4900, 420, 7]),
  product('BD-15', '水洗棉四件套 1.5 米', [29_900, 2600, 4]),
  product('PL-01', '乳胶枕', [15_900, 1300, 4]),
  product('LP-07', '护眼台灯', [17_900, 1500, 4]),
  product('PB-20', '移动电源 20000 毫安时', [14_900, 450, 6]),
  product('EB-03', '蓝牙耳机', [19_900, 180, 6]),
  product('TH-50', '真空保温杯 500 毫升', [9900, 380, 8]),
  product('UM-09', '全自动折叠伞', [6900, 460, 5]),
  product('BP-22', '通勤双肩包 22 升', [23_900, 980, 3]),
  product('YM-06', '瑜伽垫 6 毫米', [8900, 1100, 3]),
  product('SK-05', '烟酰胺精华 30 毫升', [12_800, 150, 5]),
  product('SN-12', '每日坚果 30 包', [9900, 810, 8]),
]

export const weights: { readonly [sku: string]: number } = Object.fromEntries(PRODUCTS.map(p => [p.sku, p.demand]))
export const productOf = (sku: string): Product => PRODUCTS.find(p => p.sku === sku) ?? PRODUCTS[0]!
