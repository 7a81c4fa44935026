/**
 * Writes the reference page of events from the contract: `node scripts/docs-events.ts [page]`. With `--check` it writes
 * nothing and fails when the page is stale.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { EventEntry, FieldPath } from '../src/contract/events/index.ts'
import { eventFamilies, fieldsOf, PROBLEM_CODES, systemFactTypes } from '../src/contract/events/index.ts'
import type { Label } from '../src/contract/facts.ts'

const root = join(import.meta.dirname, '..')
const PAGE = 'docs/reference/events.md'
const SAMPLES = 'test/upgrade/facts'

const FAMILIES: { readonly [family in keyof typeof eventFamilies]: Label } = {
  order: { zh: '订单', en: 'Order' },
  payment: { zh: '付款', en: 'Payment' },
  fulfilment: { zh: '仓内履约', en: 'Fulfilment' },
  carrier: { zh: '物流轨迹', en: 'Carrier' },
  returns: { zh: '退货', en: 'Returns' },
  other: { zh: '其他', en: 'Other' },
}

const INTRO = `# Events

Generated from \`src/contract/events\` by \`scripts/docs-events.ts\`; do not edit by hand.

After reading this page you can send any event to \`POST /v1/events\` and know what becomes of it.

An event is one CloudEvents 1.0 message in JSON. \`type\` is a name from this page, with or without its version
(\`order.placed\`, \`order.placed.v1\`); \`time\` says when it happened and may be left out for "now"; the last segment of
\`source\` names the feed. \`data.ref\` says which order is meant and holds at least one of \`orderNo\`, \`trackingNo\`,
\`paymentId\` and \`barcode\`; \`channel\` is the feed unless it is given. Only \`order.placed\` creates an order; any other
event waits until its order is known.

- Amounts are whole numbers of minor units (cents, fen) of the event's currency, never below 0.
- Instants are ISO 8601 with offset, of the years 1970 to 2199; in the ledger they are epoch milliseconds.
- A field that is not known is left out, never null; a field that is not listed is refused.
- Attributes and \`data\` stand in one JSON object (the structured mode of CloudEvents), or in a list of such objects; attributes
  in \`ce-\` headers and \`data_base64\` are not read. Of a name that stands twice in one object the last counts.
- Fields marked **personal** are sealed before they are stored and masked where they are shown.
- \`correction: true\` says that a milestone was told wrongly before: of several corrections the one known last stands.
  Without corrections the earliest instant of a milestone stands, whatever the order of arrival.
- A message is refused as a whole, with a JSON pointer and one of these codes for each problem:
  ${PROBLEM_CODES.map(code => `\`${code}\``).join(', ')}.
`

const cell = (text: string): string => text.replaceAll('|', '\\|')
const anchor = (type: string): string => `[\`${type}\`](#${type.replaceAll(/[^a-z_]/g, '')})`

const row = ({ type, label, v, node }: EventEntry): string =>
  `| ${anchor(type)} | ${label.zh} | ${cell(label.en)} | ${v} | ${node ? `\`${node}\`` : ''} |`

function familyTable(family: keyof typeof eventFamilies): string[] {
  const { zh, en } = FAMILIES[family]
  const entries: EventEntry[] = Object.values(eventFamilies[family])
  const head = ['| type | 名称 | name | version | stamps |', '|---|---|---|---|---|']
  return [`## ${en} ${zh}`, '', ...head, ...entries.map(row), '', ...entries.flatMap(sectionOf)]
}

function sectionOf({ type, label, description, schema, v }: EventEntry): string[] {
  const fields = fieldsOf(schema)
  const named = fields.some(({ path, optional }) => path === 'ref.orderNo' && !optional)
  return [
    `### ${type}`,
    '',
    `**${label.zh}**: ${description.zh}`,
    '',
    `**${label.en}**: ${description.en}`,
    '',
    ...FIELD_HEAD,
    `| \`ref\` | [which order](#ref)${named ? '; `orderNo` is needed' : ''} | yes | |`,
    ...fields.filter(({ path }) => !path.startsWith('ref.')).map(fieldRow),
    '',
    '```json',
    exampleOf(type, v),
    '```',
    '',
  ]
}

const FIELD_HEAD = ['| field of `data` | type | needed | |', '|---|---|---|---|']

function fieldRow({ path, says, optional, within, personal }: FieldPath): string {
  const needed = within === undefined ? 'yes' : `with \`${within}\``
  return `| \`${path}\` | ${cell(says)} | ${optional ? '' : needed} | ${personal ? '**personal**' : ''} |`
}

const refTable = (): string[] => [
  '## ref',
  '',
  'Which order an event is about. At least one of the fields that name something is needed.',
  '',
  ...FIELD_HEAD,
  ...fieldsOf(eventFamilies.order['order.approved'].schema)
    .filter(({ path }) => path.startsWith('ref.'))
    .map(fieldRow),
  '',
]

/** The frozen sample of the type: it is tested, so the example is one that works. */
function exampleOf(type: string, v: number): string {
  const sample: unknown = JSON.parse(readFileSync(join(root, SAMPLES, `${type}.v${v}.json`), 'utf8'))
  if (typeof sample !== 'object' || sample === null || !('event' in sample))
    throw new Error(`${type} has no sample message`)
  return JSON.stringify(sample.event, null, 2)
}

const systemTable = (): string[] => [
  '## Facts of the system 系统事实',
  '',
  'Andon writes these into the same ledger; they cannot be sent.',
  '',
  '| type | 名称 | name | version |',
  '|---|---|---|---|',
  ...Object.values(systemFactTypes).map(({ type, label, v }) => `| \`${type}\` | ${label.zh} | ${label.en} | ${v} |`),
]

function page(): string {
  const families: (keyof typeof eventFamilies)[] = ['order', 'payment', 'fulfilment', 'carrier', 'returns', 'other']
  return `${[INTRO, ...refTable(), ...families.flatMap(familyTable), ...systemTable()].join('\n')}\n`
}

function readPage(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

const args = process.argv.slice(2)
const path = args.find(arg => !arg.startsWith('-')) ?? join(root, PAGE)
if (!args.includes('--check')) writeFileSync(path, page())
else if (readPage(path) === page()) console.log(`${PAGE} says what the contract says`)
else {
  console.error(`${PAGE} is stale; run: node scripts/docs-events.ts`)
  process.exitCode = 1
}
