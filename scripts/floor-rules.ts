import type { ICruiseOptions, IForbiddenRuleType, IResolveOptions } from 'dependency-cruiser'
import { CORE, CORE_FILE, ROOMS, TEST_FILE } from './floor-map.ts'

type Rule = Extract<IForbiddenRuleType, { to: unknown }>

// Tests beside their subject may use test libraries; what they import of ours is not held to the floors.
const ships = (path: string, ...pathNot: string[]): Rule['from'] => ({ path, pathNot: [TEST_FILE, ...pathNot] })
const only = (...pathNot: string[]): Rule['to'] => ({ pathNot })
const npm = (name: string): string => `(^|/)node_modules/${name}/`

const KERNEL = '^src/kernel/'
const BELOW_CORE = '^src/(kernel|contract)/'
const RULES_IN_BROWSER = '^src/modules/rules/browser\\.ts$'
const DOORS = '^src/modules/[^/]+/index\\.ts$'
const TYPES = '^src/modules/[^/]+/types\\.ts$'
const CEL = npm('@marcbachmann/cel-js')
const RE2 = npm('re2js')

const FLOORS: Omit<Rule, 'severity'>[] = [
  {
    name: 'kernel-imports-nothing',
    comment: 'floor 0 imports only itself (and hashes from node:crypto)',
    from: ships(KERNEL),
    to: only(KERNEL, '^(node:)?crypto$'),
  },
  {
    name: 'contract-imports-kernel',
    comment: 'floor 1 imports floor 0 and zod',
    from: ships('^src/contract/'),
    to: only(BELOW_CORE, npm('zod')),
  },
  {
    name: 'core-is-pure',
    comment: "floor 2 imports floors 0 and 1, its own room's core and the types.ts of an earlier room",
    from: ships(`^src/modules/([^/]+)/${CORE_FILE}`),
    to: only(BELOW_CORE, TYPES, `^src/modules/$1/${CORE_FILE}`, CEL, RE2),
  },
  {
    name: 'cel-only-in-rules',
    comment: 'CEL parsing and RE2 patterns are the libraries in a core, and only behind rules/',
    from: ships('^src/', '^src/modules/rules/'),
    to: { path: [CEL, RE2] },
  },
  {
    name: 'platform-knows-no-domain',
    comment: 'floor 3 imports floors 0, 1 and npm',
    from: ships('^src/platform/'),
    to: { path: '^src/(modules|pipeline|app)/' },
  },
  {
    name: 'rooms-stay-below-pipeline',
    comment: 'floors 2 and 4 never import floors 5 and 6',
    from: ships('^src/modules/'),
    to: { path: '^src/(pipeline|app)/' },
  },
  {
    name: 'pipeline-below-app',
    comment: 'floor 5 never imports floor 6',
    from: ships('^src/pipeline/'),
    to: { path: '^src/app/' },
  },
]

const DOOR_RULES: Omit<Rule, 'severity'>[] = [
  {
    name: 'room-door',
    comment: "another room is entered by its index.ts only (a core may read an earlier room's types.ts)",
    from: ships('^src/modules/([^/]+)/', CORE),
    to: { path: '^src/modules/', pathNot: ['^src/modules/$1/', DOORS] },
  },
  {
    name: 'room-door-from-above',
    comment: 'pipeline and app enter a room by its index.ts only',
    from: ships('^src/(pipeline|app)/'),
    to: { path: '^src/modules/', pathNot: DOORS },
  },
  ...ROOMS.slice(0, -1).map((room, i) => ({
    name: `room-order-${room}`,
    comment: 'a room never imports a later one; backward information travels as facts and signals',
    from: ships(`^src/modules/${room}/`),
    to: { path: `^src/modules/(${ROOMS.slice(i + 1).join('|')})/` },
  })),
]

const EVERYWHERE: Omit<Rule, 'severity'>[] = [
  { name: 'no-cycles', comment: 'files that import each other are one file', from: {}, to: { circular: true } },
  {
    name: 'resolvable',
    comment: 'this import leads nowhere',
    from: {},
    to: { couldNotResolve: true, pathNot: '^virtual:' },
  },
  {
    name: 'examples-read-contract',
    comment: 'an example stands outside: it imports only the contract from the server, and speaks over HTTP',
    from: ships('^examples/'),
    to: { path: '^src/', pathNot: '^src/contract/' },
  },
  {
    name: 'ships-without-tests',
    comment: 'what ships never imports tests, benches, scripts or the console',
    from: ships('^src/'),
    to: { path: ['^(test|bench|scripts|examples|web)/', TEST_FILE] },
  },
  {
    name: 'ships-with-dependencies',
    comment: 'what ships imports only what package.json lists under dependencies',
    from: ships('^src/'),
    to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
  },
]

/** The console has floors of its own: lib, kit, features beside each other, app. */
const WEB: Omit<Rule, 'severity'>[] = [
  {
    name: 'web-reads-contract',
    comment: 'the console imports only the contract, the kernel and the door of the rules from the server',
    from: { path: '^web/' },
    to: { path: '^src/', pathNot: [BELOW_CORE, RULES_IN_BROWSER] },
  },
  {
    name: 'rules-in-the-browser',
    comment: 'what the console runs of the rules makes no code, reads no file and knows no database or schema library',
    from: { path: RULES_IN_BROWSER },
    to: {
      path: [
        '^(node:|fs$|path$|crypto$)',
        '^src/(platform|pipeline|app)/',
        '/rules/core/(codegen|compile|evaluator-fast)',
        npm('(zod|yaml)'),
      ],
      reachable: true,
    },
  },
  {
    name: 'web-ships-no-schemas',
    comment: 'the console takes types from the contract; a value would bring the schemas and their library along',
    from: ships('^web/src/'),
    to: {
      path: '^src/contract/',
      pathNot: '^src/contract/(currency|exceptions|fact-words|facts|practice|rule-ids|stages)\\.ts$',
      dependencyTypesNot: ['type-only'],
    },
  },
  {
    name: 'web-lib-is-lowest',
    comment: 'lib knows nothing of kit, features and app',
    from: { path: '^web/src/lib/' },
    to: { path: '^web/src/(kit|features|app)/' },
  },
  {
    name: 'web-kit-below-features',
    comment: 'the kit knows nothing of features and app',
    from: { path: '^web/src/kit/' },
    to: { path: '^web/src/(features|app)/' },
  },
  {
    name: 'web-features-apart',
    comment: 'a feature never imports another feature, nor the app: what two need is kit or lib',
    from: { path: '^web/src/features/([^/]+)/' },
    to: { path: '^web/src/(features|app)/', pathNot: '^web/src/features/$1/' },
  },
]

/** Every rule about who may import whom. */
export const FLOOR_RULES: IForbiddenRuleType[] = [...FLOORS, ...DOOR_RULES, ...WEB, ...EVERYWHERE].map(rule => ({
  ...rule,
  severity: 'error',
}))

export const CRUISE_OPTIONS: ICruiseOptions = {
  // TypeScript 7 has no compiler API for dependency-cruiser to call, so swc parses (decision 0001).
  parser: 'swc',
  tsPreCompilationDeps: true,
  doNotFollow: { path: 'node_modules' },
  exclude: { path: '\\.gen\\.|^web/dist' },
  moduleSystems: ['es6', 'cjs'],
}

/** As Node resolves: by the `exports` of a package. */
export const RESOLVE_OPTIONS: Partial<IResolveOptions> = {
  exportsFields: ['exports'],
  conditionNames: ['node', 'import', 'default', 'types'],
}
