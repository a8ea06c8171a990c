/** Every state of small cases: reliable broadcast, binary-value broadcast, two phases of binary agreement. */
import { allCases, type Result } from '../packages/protocol/src/testing/exhaustive/all-cases.ts'
import { openSources } from '../packages/protocol/src/testing/exhaustive/opened-sources.ts'

/** Explores all cases, and says so as it goes on; false if anything is wrong. */
export async function exploreExhaustively(json: boolean): Promise<boolean> {
  const opened = await openSources()
  const results: (Result & { readonly tookMs: number })[] = []
  for (const each of allCases(opened)) {
    const startedMs = performance.now()
    const result = each.run((states) => process.stderr.write(`${each.name}: ${states} states\n`))
    results.push({ ...result, tookMs: Math.round(performance.now() - startedMs) })
    if (!json) console.log(lineOf(result, performance.now() - startedMs))
    if (result.violation === undefined || json) continue
    console.log(`  ${result.violation.what}`)
    for (const step of result.violation.trace) console.log(`    ${step}`)
  }
  if (json) console.log(JSON.stringify(results, undefined, 2))
  else console.log(`${results.reduce((sum, { states }) => sum + states, 0)} states of ${results.length} cases`)
  return results.every(({ violation }) => violation === undefined)
}

function lineOf({ name, states, steps, quiescent, violation }: Result, tookMs: number): string {
  const verdict = violation === undefined ? 'nothing wrong' : 'WRONG'
  return `${name}: ${states} states, ${steps} steps, ${quiescent} at rest, ${verdict} (${(tookMs / 1000).toFixed(1)} s)`
}
