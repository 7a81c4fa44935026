import type { Dice } from './dice.ts'

/**
 * Customers that nobody is: names put together by dice, telephone numbers of ranges that no network gives out, mail at
 * example domains (RFC 2606), streets that every town has.
 */
export interface Person {
  readonly id: string
  readonly tier: string
  readonly name: string
  readonly phone: string
  readonly email?: string
}

export interface Address {
  readonly name: string
  readonly phone: string
  readonly line1: string
  readonly postcode: string
  readonly district?: string
  readonly city: string
  readonly region: string
  readonly country: string
}

interface Town {
  readonly region: string
  readonly city: string
  readonly districts: readonly string[]
  readonly postcode: string
  /** Hours on the road from either warehouse. */
  readonly far: number
  readonly nearest: 'jiaxing' | 'wuhan'
}

const town = (
  place: readonly [region: string, city: string, ...districts: string[]],
  rest: readonly [postcode: string, far: number, nearest: Town['nearest']],
): Town => {
  const [region, city, ...districts] = place
  return { region, city, districts, postcode: rest[0], far: rest[1], nearest: rest[2] }
}

const TOWNS: readonly Town[] = [
  town(['上海市', '上海市', '浦东新区', '徐汇区', '杨浦区', '闵行区'], ['200000', 6, 'jiaxing']),
  town(['江苏省', '苏州市', '姑苏区', '吴中区', '昆山市'], ['215000', 6, 'jiaxing']),
  town(['江苏省', '南京市', '鼓楼区', '江宁区'], ['210000', 10, 'jiaxing']),
  town(['浙江省', '杭州市', '西湖区', '余杭区', '滨江区'], ['310000', 6, 'jiaxing']),
  town(['浙江省', '宁波市', '海曙区', '鄞州区'], ['315000', 9, 'jiaxing']),
  town(['福建省', '厦门市', '思明区', '湖里区'], ['361000', 18, 'jiaxing']),
  town(['山东省', '青岛市', '市南区', '崂山区'], ['266000', 18, 'jiaxing']),
  town(['北京市', '北京市', '朝阳区', '海淀区', '丰台区', '通州区'], ['100000', 22, 'jiaxing']),
  town(['辽宁省', '沈阳市', '和平区', '铁西区'], ['110000', 30, 'jiaxing']),
  town(['湖北省', '武汉市', '武昌区', '洪山区', '江汉区'], ['430000', 6, 'wuhan']),
  town(['湖南省', '长沙市', '岳麓区', '雨花区'], ['410000', 9, 'wuhan']),
  town(['河南省', '郑州市', '金水区', '中原区'], ['450000', 11, 'wuhan']),
  town(['广东省', '广州市', '天河区', '番禺区', '白云区'], ['510000', 18, 'wuhan']),
  town(['广东省', '深圳市', '南山区', '福田区', '宝安区'], ['518000', 19, 'wuhan']),
  town(['四川省', '成都市', '武侯区', '高新区', '青羊区'], ['610000', 20, 'wuhan']),
  town(['重庆市', '重庆市', '渝中区', '江北区'], ['400000', 17, 'wuhan']),
  town(['陕西省', '西安市', '雁塔区', '碑林区'], ['710000', 18, 'wuhan']),
  town(['云南省', '昆明市', '五华区', '盘龙区'], ['650000', 30, 'wuhan']),
  town(['新疆维吾尔自治区', '乌鲁木齐市', '天山区'], ['830000', 60, 'wuhan']),
  town(['西藏自治区', '拉萨市', '城关区'], ['850000', 66, 'wuhan']),
]
/** Big towns order more. */
const TOWN_WEIGHTS: { readonly [index: string]: number } = Object.fromEntries(
  TOWNS.map((t, i) => [String(i), t.far > 40 ? 1 : 2 + t.districts.length * 2]),
)

interface Abroad {
  readonly country: string
  readonly region: string
  readonly city: string
  readonly postcode: string
  readonly zone: string
  readonly currency: 'USD' | 'EUR' | 'GBP' | 'JPY'
  readonly streets: readonly string[]
  readonly given: readonly string[]
  readonly family: readonly string[]
  readonly dial: string
}

const ABROAD: readonly Abroad[] = [
  {
    ...{ country: 'US', region: 'California', city: 'Oakland', postcode: '94601', zone: 'America/Los_Angeles' },
    ...{ currency: 'USD', dial: '+1 510 555 01', streets: ['Maple Street', 'Harbor Avenue', 'Second Street'] },
    ...{ given: ['Olivia', 'James', 'Priya', 'Diego', 'Grace'], family: ['Walker', 'Nguyen', 'Ramirez', 'O’Neill'] },
  },
  {
    ...{ country: 'DE', region: 'Niedersachsen', city: 'Göttingen', postcode: '37073', zone: 'Europe/Berlin' },
    ...{ currency: 'EUR', dial: '+49 551 000 00', streets: ['Lange Straße', 'Gartenweg', 'Am Markt'] },
    ...{ given: ['Jürgen', 'Anneliese', 'Søren', 'Zoë'], family: ['Müller', 'Weiß', 'von der Heide', 'Öztürk'] },
  },
  {
    ...{ country: 'GB', region: 'West Yorkshire', city: 'Leeds', postcode: 'LS1 4AP', zone: 'Europe/London' },
    ...{ currency: 'GBP', dial: '+44 7700 9000', streets: ['Church Lane', 'Station Road'] },
    ...{ given: ['Siobhán', 'Amelia', 'Owen'], family: ['Clarke', 'MacDonald', 'Okafor'] },
  },
  {
    ...{ country: 'JP', region: '大阪府', city: '大阪市', postcode: '530-0001', zone: 'Asia/Tokyo' },
    ...{ currency: 'JPY', dial: '+81 6 0000 00', streets: ['北区梅田', '中央区本町'] },
    ...{ given: ['陽子', '健太', '美咲'], family: ['田中', '山本', '小林'] },
  },
]

const SURNAMES = [...'王李张刘陈杨黄赵周吴徐孙马朱胡郭何林罗高梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕'] as const
const DOUBLE = ['欧阳', '上官', '司马', '诸葛']
const GIVEN = [
  ...'伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰萍红晨宇轩欣怡佳琪子涵思远嘉文博雅若曦梓睿',
] as const
const ROADS = ['和平路', '人民路', '建设大道', '解放路', '中山路', '学府街', '滨河路', '新华街', '长青巷']

export interface Buyer {
  readonly person: Person
  readonly address: Address
  readonly currency: string
  readonly zone: string | null
  readonly far: number
  readonly nearest: 'jiaxing' | 'wuhan'
}

/** Somebody who orders. @param abroad share of buyers from abroad */
export function buyerOf(dice: Dice, abroad: number): Buyer {
  return dice.chance(abroad) ? foreigner(dice) : resident(dice)
}

const TIERS = { normal: 80, silver: 13, gold: 6, vip: 1 }

function resident(dice: Dice): Buyer {
  const t = TOWNS[Number(dice.weighted(TOWN_WEIGHTS))]!
  const surname = dice.chance(0.02) ? dice.pick(DOUBLE) : dice.pick(SURNAMES)
  const name = surname + dice.pick(GIVEN) + (dice.chance(0.7) ? dice.pick(GIVEN) : '')
  // No Chinese network gives out numbers that begin with 10x.
  const phone = `100${dice.between(10_000_000, 99_999_999)}`
  const district = dice.pick(t.districts)
  const house = `${dice.pick(ROADS)} ${dice.between(1, 398)} 号 ${dice.between(1, 28)} 幢 ${dice.between(1, 24)}0${dice.between(1, 4)} 室`
  const id = `C${dice.between(100_000, 999_999)}`
  return {
    person: {
      id,
      tier: dice.weighted(TIERS),
      name,
      phone,
      ...(dice.chance(0.3) && { email: `${id.toLowerCase()}@example.cn` }),
    },
    address: {
      name,
      phone,
      line1: house,
      postcode: t.postcode,
      district,
      city: t.city,
      region: t.region,
      country: 'CN',
    },
    ...{ currency: 'CNY', zone: null, far: t.far, nearest: t.nearest },
  }
}

function foreigner(dice: Dice): Buyer {
  const a = dice.pick(ABROAD)
  const [given, family] = [dice.pick(a.given), dice.pick(a.family)]
  const name = a.country === 'JP' ? `${family} ${given}` : `${given} ${family}`
  const phone = `${a.dial}${dice.between(10, 99)}`
  const id = `C${dice.between(100_000, 999_999)}`
  const number = dice.between(1, 240)
  const street = dice.pick(a.streets)
  const line1 =
    a.country === 'DE'
      ? `${street} ${number}`
      : a.country === 'JP'
        ? `${street}${number % 9}-${number}`
        : `${number} ${street}`
  return {
    person: { id, tier: dice.weighted(TIERS), name, phone, email: `${id.toLowerCase()}@example.com` },
    address: { name, phone, line1, postcode: a.postcode, city: a.city, region: a.region, country: a.country },
    ...{ currency: a.currency, zone: a.zone, far: 96, nearest: 'jiaxing' },
  }
}

/** An address as a broken import leaves it: no house, a wrong postcode. */
export const broken = (address: Address): Address => ({
  ...address,
  line1: address.line1.slice(0, 3),
  postcode: '000000',
})
