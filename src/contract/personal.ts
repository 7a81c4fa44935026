import { personalPathsOfCaseFact } from './case-facts.ts'
import { commandTypes, isCommandType } from './commands.ts'
import { eventEntryOf } from './events/index.ts'

const NONE: readonly string[] = []

/** Paths of the personal fields in the body of an event, a fact or a command; they are sealed wherever it is stored. */
export function personalPathsOf(type: string): readonly string[] {
  const entry = eventEntryOf(type)
  if (entry) return entry.personal
  if (isCommandType(type)) return commandTypes[type].personal
  return type.startsWith('case.') ? personalPathsOfCaseFact(type) : NONE
}
