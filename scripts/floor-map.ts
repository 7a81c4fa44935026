/** The floors and the order of the rooms, in one place: dependency-cruiser, the purity check and the tests read it. */

/** Earlier rooms never import later ones; backward information travels as facts and signals. */
export const ROOMS = [
  'access',
  'channels',
  'catalog',
  'orders',
  'stock',
  'routing',
  'fulfilment',
  'returns',
  'rules',
  'cases',
  'triage',
  'sops',
  'notify',
  'finance',
  'insight',
  'upkeep',
  'review',
  'portal',
]

/**
 * What makes a file of a room part of its pure core (floor 2): its name, or a folder that is core as a whole. To be put
 * after the room's folder. (`(?<![^/])` is "at a folder's edge"; an optional folder prefix would be refused by
 * dependency-cruiser as an unsafe expression.)
 */
export const CORE_FILE = String.raw`.*(?<![^/])((core|dialect)/.+|types|map|wire|facts|core[^/]*)\.ts$`

/** Core files of any room, as a path from the root. */
export const CORE = `^src/modules/[^/]+/${CORE_FILE}`

/** Tests, and a room's fixtures, which only tests import. */
export const TEST_FILE = String.raw`(\.test\.tsx?|/fixtures\.ts)$`

/** The floor of a file below src/, from its path from the root; null for what is not on one. */
export function floorOf(path: string): number | null {
  if (path.startsWith('src/kernel/')) return 0
  if (path.startsWith('src/contract/')) return 1
  if (path.startsWith('src/platform/')) return 3
  if (path.startsWith('src/modules/')) return new RegExp(CORE).test(path) ? 2 : 4
  if (path.startsWith('src/pipeline/')) return 5
  return path.startsWith('src/app/') ? 6 : null
}
