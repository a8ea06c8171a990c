/** `; did you mean "x"?` for the candidate at most two edits away and nearest to `name`, or nothing. */
export function suggestion(name: string, candidates: Iterable<string>): string {
  let least = 3
  let nearest: string | undefined
  for (const candidate of candidates) {
    // Names come from files of strangers: no quadratic work on long ones.
    const distance = Math.abs(candidate.length - name.length) < least ? editDistance(name, candidate) : least
    if (distance < least) {
      least = distance
      nearest = candidate
    }
  }
  return nearest === undefined ? '' : `; did you mean "${nearest}"?`
}

/** Levenshtein distance. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const current = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      current.push(Math.min(replaced, previous[j]! + 1, current[j - 1]! + 1))
    }
    previous = current
  }
  return previous[b.length]!
}
