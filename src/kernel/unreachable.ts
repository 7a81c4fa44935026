/** Ends a switch over a union: a new member breaks the build here and not production. */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`)
}
