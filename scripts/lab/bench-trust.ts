/** How long trust takes in a large network, also relative to sorting its vouches. */
import { namedStream } from '@hearsay/catalogue/random'
import { trustMethods, trustOf, type Vouch, Vouches, wholeWeights } from '@hearsay/trust'
import { commandLine, usageError } from '../command-line.ts'

const words = commandLine(
  `node scripts/lab/bench-trust.ts [--peers 10000] [--vouches 100000]

Draws who vouches for whom, and prints for each method the CPU milliseconds from vouches to weights, and the same relative to
sorting the vouches.

  --peers N    10000 unless given; one in a hundred is pre-trusted
  --vouches N  100000 unless given`,
  { peers: { type: 'string', default: '10000' }, vouches: { type: 'string', default: '100000' } },
)
const [peers, count] = [Number(words.peers), Number(words.vouches)]
if (!Number.isSafeInteger(peers) || peers < 100)
  usageError(`--peers takes a whole number from 100, found ${words.peers}`)
if (!Number.isSafeInteger(count) || count < 1 || count > (peers * (peers - 1)) / 4)
  usageError(`--vouches takes a whole number from 1, at most a quarter of all pairs, found ${words.vouches}`)

const random = namedStream('bench-trust')
const pairs = new Set<number>()
while (pairs.size < count) {
  const [from, to] = [random.below(peers), random.below(peers)]
  // Half of them both ways, for methods that want links.
  if (from !== to)
    for (const pair of random.below(2) === 0 ? [from * peers + to] : [from * peers + to, to * peers + from])
      pairs.add(pair)
}
const given = [...pairs].slice(0, count).map((pair): Vouch => ({ from: Math.floor(pair / peers), to: pair % peers }))
const preTrusted = Array.from({ length: Math.floor(peers / 100) }, (_, index) => index * 100)

const timed = <Result>(work: () => Result): { readonly ms: number; readonly result: Result } => {
  const start = process.cpuUsage()
  const result = work()
  return { ms: process.cpuUsage(start).user / 1_000, result }
}
const say = (what: string, ms: number, ratio: number) =>
  console.log(`${what.padEnd(32)} ${ms.toFixed(0).padStart(8)} ms ${ratio.toFixed(2).padStart(8)} ×`)

const { ms: sorting, result: vouches } = timed(() => Vouches.of(peers, given))
say(`sorting ${count} vouches of ${peers}`, sorting, 1)
for (const method of trustMethods.keys()) {
  const { ms, result } = timed(() => {
    const { trust, scale } = trustOf({ method }, vouches, preTrusted)
    return wholeWeights(trust, { scale, preTrusted })
  })
  say(`${method}, W ${result.reduce((sum, weight) => sum + weight, 0)}`, sorting + ms, (sorting + ms) / sorting)
}
