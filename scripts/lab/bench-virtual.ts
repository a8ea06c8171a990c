// How fast the virtual network is, without training and with modelled signatures, on one core:
//   node scripts/lab/bench-virtual.ts [--rounds N] [--quick] [--json]
// Seconds are of the processor: others on the machine make them longer too, but not as much as those of the clock.
import { loadavg } from 'node:os'
import { type Bench, bench, growth } from '@hearsay/experiment/testing/virtual-bench'
import { commandLine, usageError } from '../command-line.ts'

const help = `pnpm bench:virtual: how fast the virtual network is, without training and with modelled signatures, on one core.

  --rounds N  of the network of a hundred peers; 20
  --quick     fewer peers
  --json      the figures as JSON`
const flags = commandLine(help, {
  rounds: { type: 'string', default: '20' },
  quick: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
})
const rounds = Number(flags.rounds)
if (!Number.isInteger(rounds) || rounds < 1) usageError(`--rounds takes a whole number from 1, not ${flags.rounds}`)

const say = (text: string): void => {
  if (!flags.json) console.log(text)
}
const load = loadavg()[0]!
say(`node ${process.version}, load ${load.toFixed(1)} before`)

// The compiler warms up.
bench(3, { peers: 10 })

// A step for every millisecond in which something comes: many small envelopes.
const links = { latency: { uniform: [10, 50] as const } }
const few = { peers: flags.quick ? 13 : 31, links }
const messages = Array.from({ length: flags.quick ? 2 : 5 }, () => bench(5, few))
const fastest = messages.reduce((a, b) => (b.deliveredPerSecond > a.deliveredPerSecond ? b : a))
say(
  `\n${fastest.peers} peers, ${fastest.rounds} rounds, a step a millisecond, latencies of 10 to 50 ms; the best of ${messages.length}:`,
)
const copies = (fastest.duplicates / fastest.delivered).toFixed(1)
const arrivals = fastest.deliveredPerSecond * (1 + fastest.duplicates / fastest.delivered)
const { statements, delivered } = fastest.perPeerAndRound
say(
  `  ${Math.round(fastest.deliveredPerSecond)} envelopes delivered a second, with ${(statements / delivered).toFixed(1)} ` +
    `statements each; with their ${copies} copies, ${Math.round(arrivals)} arrivals`,
)

// Peers that take 10 ms for a step say together what they have to say, as peers of such a network do.
const many = { peers: flags.quick ? 31 : 100, stepMs: 10, links }
const large = bench(rounds, many)
say(`\n${large.peers} peers, ${large.rounds} rounds of exact agreement, steps of 10 ms, latencies of 10 to 50 ms:`)
say(`  ${large.cpuSeconds.toFixed(1)} s of the processor, ${large.seconds.toFixed(1)} s`)

const sizes = flags.quick ? [7, 13, 25] : [13, 25, 50, 100]
const grown = sizes.map((peers) => bench(2, { ...many, peers }))
const slopes = (cost: (one: Bench) => number): number[] =>
  growth(grown.map((one) => ({ n: one.peers, cost: cost(one) })))
const exponents = {
  delivered: slopes(({ perPeerAndRound }) => perPeerAndRound.delivered),
  statements: slopes(({ perPeerAndRound }) => perPeerAndRound.statements),
  cpu: slopes(({ perPeerAndRound }) => perPeerAndRound.cpuMs),
}
say('\nA peer and a round:')
for (const { peers, perPeerAndRound } of grown) {
  const { delivered, statements, cpuMs } = perPeerAndRound
  say(
    `  n = ${String(peers).padEnd(4)} ${delivered.toFixed(0).padStart(7)} messages ` +
      `${statements.toFixed(0).padStart(7)} statements ${cpuMs.toFixed(2).padStart(8)} ms`,
  )
}
const shown = (values: readonly number[]): string => values.map((value) => value.toFixed(2)).join(', ')
say(`  as n to the power of ${shown(exponents.delivered)} in messages, ${shown(exponents.statements)} in statements,`)
say(`  ${shown(exponents.cpu)} in time of the processor, between neighbours of this list`)
if (flags.json)
  console.log(JSON.stringify({ node: process.version, load, messages: fastest, large, grown, exponents }, null, 2))
