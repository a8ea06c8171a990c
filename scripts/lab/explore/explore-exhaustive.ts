/** Every state of small cases: reliable broadcast, binary-value broadcast, two phases of binary agreement. */
import { allCases, type Result } from '@hearsay/protocol/testing/exhaustive/all-cases'

/**
 * Explores all cases, or those that take seconds, whose names begin so, up to the first that goes wrong, and says so; false if
 * one does.
 */
export function exploreExhaustively(json: boolean, quick: boolean, begin = ''): boolean {
  const results: (Result & { readonly tookMs: number })[] = []
  for (const each of allCases().filter(({ name, quick: isQuick }) => (isQuick || !quick) && name.startsWith(begin))) {
    const startedMs = performance.now()
    const result = each.run((states) => process.stderr.write(`${each.name}: ${states} states\n`))
    results.push({ ...result, tookMs: Math.round(performance.now() - startedMs) })
    if (!json) console.log(lineOf(result, performance.now() - startedMs))
    if (result.violation === undefined) continue
    if (json) break
    console.log(`  ${result.violation.what}`)
    for (const step of result.violation.trace) console.log(`    ${step}`)
    break
  }
  if (json) console.log(JSON.stringify(results, undefined, 2))
  else console.log(`${results.reduce((sum, { states }) => sum + states, 0)} states of ${results.length} cases`)
  return results.every(({ violation }) => violation === undefined)
}

function lineOf({ name, states, steps, quiescent, violation }: Result, tookMs: number): string {
  const verdict = violation === undefined ? 'nothing wrong' : 'WRONG'
  return `${name}: ${states} states, ${steps} steps, ${quiescent} at rest, ${verdict} (${(tookMs / 1000).toFixed(1)} s)`
}
