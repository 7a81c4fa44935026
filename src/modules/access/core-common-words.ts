/**
 * What passwords are made of most often: the stems behind the lists of leaked ones, years and pinyin included. Few on
 * purpose, since the length of 12 leaves no common password whole: they are what long ones are padded with.
 */
export const COMMON_WORDS: readonly string[] = `
password passwort passwords passwd pass motdepasse contrasena senha wachtwoord parola heslo mima mimashi woshi woaini
admin administrator root superuser sysadmin guest default system server secret private security access login signin
welcome hello letmein openup changeme change temp temporary test testing tester demo sample example trustno1 master
qwerty qwertz azerty qazwsx asdf zxcv iloveyou loveyou love lovely baby babygirl angel princess queen king prince
monkey dragon tiger eagle shadow sunshine flower butterfly football soccer baseball basketball hockey tennis golf
superman batman spiderman starwars pokemon naruto master ninja samurai warrior killer hunter ranger
michael jennifer jessica ashley daniel thomas jordan michelle charlie andrew matthew joshua robert william david james
john peter martin nicole anthony george maria anna sophie laura
summer winter spring autumn january february march april june july august september october november december
monday tuesday wednesday thursday friday saturday sunday
computer internet google apple microsoft windows linux android iphone samsung huawei xiaomi taobao tmall jingdong alibaba
alipay wechat weixin qq163 shopify amazon ebay
company business office manager account customer order orders shop store warehouse logistics finance service support
andon oms work team user username
china beijing shanghai shenzhen guangzhou hangzhou zhongguo nihao
london paris berlin newyork america germany france
freedom money dollar lucky happy music gold silver diamond purple orange yellow black white green blue
cheese chocolate coffee cookie banana pepper ginger
mustang ferrari porsche mercedes harley yamaha corvette
fuck fuckyou shit bitch asshole
five two one three four six seven eight nine zero first second
1990 1991 1992 1993 1994 1995 1996 1997 1998 1999 2000 2001 2002 2003 2004 2005 2006 2007 2008 2009 2010 2011 2012 2013 2014
2015 2016 2017 2018 2019 2020 2021 2022 2023 2024 2025 2026 2027 2028 2029 2030
520 521 1314 5201314 888 666 168 007 123 321 111 000 abc
`
  .trim()
  .split(/\s+/)
