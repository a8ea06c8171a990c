/** Binary agreement alone, thousands of schemes a second: liars and a scheduler who react to what is said, within bounds. */
import { Quorums } from '@hearsay/protocol'
import { runScheme } from '@hearsay/protocol/testing/scheme'

/** Weights and f: small ones most often, some with n > 3f+1, and some of unlike weights, of whom the last lie. */
const rosters = [
  ...[
    [4, 1],
    [4, 1],
    [4, 1],
    [5, 1],
    [6, 1],
    [7, 2],
    [8, 2],
    [10, 3],
  ].map(([peers, tolerated]) => Quorums.equal(peers!, tolerated!)),
  new Quorums([1, 1, 2, 1], 1),
  new Quorums([3, 1, 2, 2], 2),
  new Quorums([3, 2, 2, 1], 2),
  new Quorums([9, 5, 5, 2, 1, 1, 1, 1, 1], 8),
]

/** False if an agreement did not end by the phase that its argument gives, or decided two bits. */
export function exploreAgreement(from: number, seeds: number, json: boolean): boolean {
  const startedMs = performance.now()
  const phases: Record<string, number> = {}
  const failures: { seed: number; weights: readonly number[]; tolerated: number; wrong: string }[] = []
  let explored = 0
  for (let seed = from; seed < from + seeds && failures.length === 0; seed++) {
    const quorums = rosters[seed % rosters.length]!
    const { wrong, lastPhase } = runScheme(quorums, seed)
    explored++
    phases[lastPhase] = (phases[lastPhase] ?? 0) + 1
    const { weights, tolerated } = quorums
    if (wrong !== undefined) failures.push({ seed, weights, tolerated, wrong })
  }
  const tookMs = Math.round(performance.now() - startedMs)
  if (json) console.log(JSON.stringify({ from, explored, tookMs, phases, failures }, undefined, 2))
  else {
    console.log(`${explored} agreements from seed ${from} in ${Math.round(tookMs / 1000)} s`)
    console.log(`by the last phase that an honest peer spoke of: ${JSON.stringify(phases)}`)
    for (const { seed, weights, tolerated, wrong } of failures)
      console.log(`seed ${seed}, peers that weigh ${weights}, of whom ${tolerated} by weight may lie: ${wrong}`)
    if (failures.length === 0) console.log('nothing went wrong')
  }
  return failures.length === 0
}
