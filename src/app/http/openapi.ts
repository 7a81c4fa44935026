import * as z from 'zod'
import {
  ANYWHERE,
  BEHIND_THE_DOOR,
  components,
  PROBLEM_MEDIA_TYPE,
  type ProblemName,
  problemBody,
  problemKind,
  type Route,
  routes,
} from '../../contract/api/index.ts'

// Written by hand and not by a plugin: those double every schema and give problems the wrong media type.

type JsonSchema = Readonly<Record<string, unknown>>
type Schemas = ReadonlyMap<string, JsonSchema>

const REF = '#/components/schemas/'
const DESCRIPTION = [
  'Events in, orders and cases out, commands on them. Lists are paged by cursor; instants are ISO 8601 with offset;',
  'amounts are integers in minor units. Every problem has a stable code. `x-right` of an operation is the right that its',
  'caller needs; `public` and `signed_in` need none.',
].join(' ')

const TAGS = [
  { name: 'Events', description: 'Messages from shops, payments, warehouses and carriers, as CloudEvents 1.0' },
  { name: 'Orders', description: 'What the events add up to, now and at any instant before' },
  { name: 'Cases', description: 'What went wrong, with evidence' },
  { name: 'Commands', description: 'What people decide; carried out once for each Idempotency-Key' },
  { name: 'Tables', description: 'Decision tables: who is to act on a case, how badly and by when' },
  { name: 'Names', description: 'The words for codes that orders and cases carry' },
  { name: 'Rules', description: 'What counts as an exception: versions, stages, what they find and would find' },
  { name: 'Sign-in', description: 'How people come in' },
  { name: 'Account', description: 'Your own name, password, sessions and second factor' },
  { name: 'People', description: 'Who may do what: people and roles' },
  { name: 'Keys', description: 'How programs come in' },
  { name: 'Personal data', description: 'Reveal, export, erase, and for how long data is kept' },
  { name: 'Audit', description: 'Who did what, and the proof that nobody bent it' },
  { name: 'Views', description: 'Filters that people keep' },
  { name: 'Live', description: 'What changes, as it changes' },
  { name: 'Operations', description: 'What waits and what was refused' },
  { name: 'Practice', description: 'A shop to practise with, in a world of its own' },
]

const SECURITY = {
  session: {
    type: 'apiKey',
    in: 'cookie',
    name: 'andon_session',
    description: 'Of a person who signed in; __Host-andon_session over TLS',
  },
  key: { type: 'http', scheme: 'bearer', description: 'An API key' },
}

/** The API as an OpenAPI 3.1 document, from the one contract; the same text at every run. */
export function openApiDocument(version: string): JsonSchema {
  const asked = schemasOf('input', inputSchemas())
  const answered = schemasOf('output', outputSchemas())
  const paths: Record<string, Record<string, JsonSchema>> = {}
  for (const [id, route] of Object.entries<Route>(routes)) {
    paths[route.path] = {
      ...paths[route.path],
      [route.method.toLowerCase()]: operationOf(id, route, { asked, answered }),
    }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Andon',
      version,
      description: DESCRIPTION,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: TAGS,
    security: [{ session: [] }, { key: [] }],
    paths,
    components: { securitySchemes: SECURITY, schemas: componentSchemas(asked, answered) },
  }
}

// ---- schemas ----

function* inputSchemas(): Generator<[string, z.ZodType]> {
  for (const [id, { params, query, headers, body }] of Object.entries<Route>(routes))
    for (const [part, schema] of Object.entries({ params, query, headers, body }))
      if (schema) yield [`${id}.${part}`, schema]
}

function* outputSchemas(): Generator<[string, z.ZodType]> {
  yield ['problem', problemBody]
  for (const [id, { replies }] of Object.entries<Route>(routes))
    for (const [status, { schema }] of Object.entries(replies)) if (schema) yield [`${id}.${status}`, schema]
}

/** JSON Schemas by name: the named ones, and those of the routes, which refer to them. */
function schemasOf(io: 'input' | 'output', parts: Iterable<[string, z.ZodType]>): Schemas {
  const registry = z.registry<{ id: string }>()
  for (const [id, schema] of components) registry.add(schema, { id })
  const names = new Map<string, string>()
  for (const [part, schema] of parts) {
    const known = registry.get(schema)?.id
    if (known === undefined) registry.add(schema, { id: part })
    names.set(part, known ?? part)
  }
  const { schemas } = z.toJSONSchema(registry, { io, uri: id => REF + id })
  const plain = new Map(Object.entries(schemas).map(([id, schema]) => [id, plainSchema(schema)]))
  for (const [part, id] of names)
    if (part !== id) plain.set(part, components.has(id) ? { $ref: REF + id } : plain.get(id)!)
  return plain
}

function plainSchema({ $schema: _, $id: __, ...schema }: JsonSchema): JsonSchema {
  return schema
}

/** The named schemas that a route refers to, directly or not; each in the form in which it is used. */
function componentSchemas(...sides: readonly Schemas[]): JsonSchema {
  const found = new Map<string, JsonSchema>()
  const take = (side: Schemas, schema: unknown): void => {
    for (const id of refsIn(schema)) {
      if (found.has(id)) continue
      const named = side.get(id)!
      found.set(id, named)
      take(side, named)
    }
  }
  for (const side of sides) for (const [id, schema] of side) if (!components.has(id)) take(side, schema)
  return Object.fromEntries([...found].sort(([a], [b]) => (a < b ? -1 : 1)))
}

const refsIn = (schema: unknown): string[] =>
  [...JSON.stringify(schema).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(m => m[1]!)

// ---- operations ----

function operationOf(id: string, route: Route, side: { asked: Schemas; answered: Schemas }): JsonSchema {
  const { summary, description, tag, right, body, bodyTypes, example } = route
  const parameters = [
    ...parametersOf('path', side.asked.get(`${id}.params`)),
    ...parametersOf('query', side.asked.get(`${id}.query`)),
    ...parametersOf('header', side.asked.get(`${id}.headers`)),
  ]
  const media = { schema: side.asked.get(`${id}.body`), ...(example !== undefined && { example }) }
  const content = Object.fromEntries((bodyTypes ?? ['application/json']).map(type => [type, media]))
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description !== undefined && { description }),
    'x-right': right,
    ...(right === 'public' && { security: [] }),
    ...(parameters.length > 0 && { parameters }),
    ...(body && { requestBody: { required: true, content } }),
    responses: { ...repliesOf(id, route, side.answered), ...problemsOf(route) },
  }
}

interface ObjectSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
}

// Params, query and headers are zod objects by the type of a route, and this is what zod makes of an object.
const objectSchema = (schema: JsonSchema = {}): ObjectSchema => schema as ObjectSchema

function parametersOf(place: 'path' | 'query' | 'header', schema: JsonSchema | undefined): JsonSchema[] {
  const { properties = {}, required = [] } = objectSchema(schema)
  return Object.entries(properties).map(([name, { description, ...own }]) => ({
    name,
    in: place,
    ...(description !== undefined && { description }),
    required: place === 'path' || required.includes(name),
    // Several values of one parameter stand in one, with commas.
    ...(own.type === 'array' && { style: 'form', explode: false }),
    schema: own,
  }))
}

const repliesOf = (id: string, { replies }: Route, answered: Schemas): JsonSchema =>
  Object.fromEntries(
    Object.entries(replies).map(([status, { description, schema, type, stream = [] }]) => [
      status,
      {
        description,
        ...(schema && { content: { [type ?? 'application/json']: { schema: answered.get(`${id}.${status}`) } } }),
        ...(stream.length > 0 && {
          content: Object.fromEntries(stream.map(media => [media, { schema: { type: 'string' } }])),
        }),
      },
    ]),
  )

/** One response a status, with the codes that it may carry. */
function problemsOf({ problems = [], right }: Route): JsonSchema {
  const door = right === 'public' ? [] : BEHIND_THE_DOOR
  const names: ProblemName[] = [...new Set([...problems, ...door, ...ANYWHERE])]
  const byStatus = Map.groupBy(names, name => problemKind(name).status)
  const responses = [...byStatus]
    .sort(([a], [b]) => a - b)
    .map(([status, codes]) => {
      const description = codes.map(code => `\`${code}\`: ${problemKind(code).en}`).join('. ')
      return [String(status), { description, content: { [PROBLEM_MEDIA_TYPE]: { schema: { $ref: `${REF}Problem` } } } }]
    })
  return Object.fromEntries(responses)
}
