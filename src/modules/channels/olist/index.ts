export { type Merge, type OlistFolder, type OlistOrder, olistEvents, openOlist, readOlist } from './folder.ts'
export { SOURCE as OLIST_SOURCE } from './map.ts'
