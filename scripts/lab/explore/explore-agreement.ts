/** Binary agreement alone, thousands of schemes a second: liars and a scheduler who react to what is said, within bounds. */
import { runScheme } from '@hearsay/protocol/testing/scheme'

/** n and f: small ones most often, and some with n > 3f+1. */
const sizes = [
  [4, 1],
  [4, 1],
  [4, 1],
  [5, 1],
  [6, 1],
  [7, 2],
  [8, 2],
  [10, 3],
] as const

/** False if an agreement did not end by the phase that its argument gives, or decided two bits. */
export function exploreAgreement(from: number, seeds: number, json: boolean): boolean {
  const startedMs = performance.now()
  const phases: Record<string, number> = {}
  const failures: { seed: number; peers: number; tolerated: number; wrong: string }[] = []
  let explored = 0
  for (let seed = from; seed < from + seeds && failures.length === 0; seed++) {
    const [peers, tolerated] = sizes[seed % sizes.length]!
    const { wrong, lastPhase } = runScheme(peers, tolerated, seed)
    explored++
    phases[lastPhase] = (phases[lastPhase] ?? 0) + 1
    if (wrong !== undefined) failures.push({ seed, peers, tolerated, wrong })
  }
  const tookMs = Math.round(performance.now() - startedMs)
  if (json) console.log(JSON.stringify({ from, explored, tookMs, phases, failures }, undefined, 2))
  else {
    console.log(`${explored} agreements from seed ${from} in ${Math.round(tookMs / 1000)} s`)
    console.log(`by the last phase that an honest peer spoke of: ${JSON.stringify(phases)}`)
    for (const { seed, peers, tolerated, wrong } of failures)
      console.log(`seed ${seed}, ${peers} peers of whom ${tolerated} lie: ${wrong}`)
    if (failures.length === 0) console.log('nothing went wrong')
  }
  return failures.length === 0
}
