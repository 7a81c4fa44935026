/** The known names that look most like the given one, best first; for messages to people who mistyped. */
export function nearestTypes(given: string, known: readonly string[], limit = 3): string[] {
  const text = given.toLowerCase().slice(0, 64)
  return known
    .map(name => ({ name, distance: distanceOf(text, name) }))
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .slice(0, limit)
    .map(({ name }) => name)
}

// Levenshtein distance, two rows.
function distanceOf(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = above[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      row.push(Math.min(change, above[j]! + 1, row[j - 1]! + 1))
    }
    above = row
  }
  return above[b.length]!
}
