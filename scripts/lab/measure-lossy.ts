/**
 * What a round takes where links lose, with updates that are sent until they arrive beside chunks that are sent once:
 * `node scripts/lab/measure-lossy.ts [--peers N] [--rounds N] [--latency MS] [--wait MS] [--seeds N] [--rates P,…] [--json]`. On the virtual network: what a
 * stream loses is sent again after 200 ms, then after twice that (decision 15), a chunk never; envelopes may be lost either way.
 */
import { startCells } from '@hearsay/experiment/testing/cells'
import { commandLine, usageError } from '../command-line.ts'

const help = `node scripts/lab/measure-lossy.ts: time of a round of exact agreement where links lose.

  --peers N     10
  --rounds N    of each run; 10
  --latency MS  of a link, to half as much again; 40
  --wait MS     for chunks; 200
  --seeds N     runs of each, of which the mean is told; 3
  --rates P,…   shares of messages that are lost; 0,0.001,0.01,0.1
  --json        the figures as JSON`
const flags = commandLine(help, {
  peers: { type: 'string', default: '10' },
  rounds: { type: 'string', default: '10' },
  latency: { type: 'string', default: '40' },
  wait: { type: 'string', default: '200' },
  seeds: { type: 'string', default: '3' },
  rates: { type: 'string', default: '0,0.001,0.01,0.1' },
  json: { type: 'boolean', default: false },
})
const [peers, rounds, latency, wait, seeds] = (['peers', 'rounds', 'latency', 'wait', 'seeds'] as const).map((name) => {
  const value = Number(flags[name])
  if (!Number.isInteger(value) || value < 1) usageError(`--${name} takes a whole number above 0, not ${flags[name]}`)
  return value
}) as [number, number, number, number, number]

const tolerated = Math.floor((peers - 1) / 3)
const modes = {
  'until it arrives': ['agreement={ kind: exact, graceMs: 100 }'],
  once: [
    `agreement={ kind: exact, graceMs: 100, chunkMs: ${wait} }`,
    'exchange={ loss: { rate: 0, chunk: 250, fill: skip } }',
  ],
}
const rates = flags.rates.split(',').map(Number)
if (!rates.every((rate) => rate >= 0 && rate < 1))
  usageError(`--rates takes numbers from 0 to below 1, not ${flags.rates}`)
const cells = await startCells()
const figures: { rate: number; mode: string; exchangeMs: number; roundMs: number; slowestMs: number; ended: number }[] =
  []
if (!flags.json)
  console.log('| loss | update sent | exchange, ms | round, ms | run / rounds, ms |\n| --- | --- | --- | --- | --- |')
for (const rate of rates) {
  for (const [mode, agreement] of Object.entries(modes)) {
    const runs: Record<'exchangeMs' | 'roundMs' | 'slowestMs' | 'ended', number>[] = []
    for (let seed = 1; seed <= seeds; seed++) {
      const { measures, events } = await cells.run(
        [
          ...[
            `peers=${peers}`,
            `tolerated=${tolerated}`,
            `rounds=${rounds}`,
            'learning.localSteps=1',
            'evaluateEvery=1000000',
          ],
          ...['aggregation={ rule: trimmed-mean }', 'stallMs=600000', ...agreement],
          `network={ transport: virtual, latency: { uniform: [${latency}, ${1.5 * latency}] }, loss: ${rate} }`,
        ],
        { seed },
      )
      const wholeMs = Math.max(...events.map((event) => Number((event as { atMs?: number }).atMs ?? 0)))
      runs.push({
        exchangeMs: measures.timeMs.exchange!,
        roundMs: measures.timeMs.total!,
        slowestMs: wholeMs / rounds,
        ended: measures.liveness.ended,
      })
    }
    const mean = (of: keyof (typeof runs)[number]): number => runs.reduce((sum, run) => sum + run[of], 0) / runs.length
    const figure = {
      rate,
      mode,
      exchangeMs: mean('exchangeMs'),
      roundMs: mean('roundMs'),
      slowestMs: mean('slowestMs'),
      ended: mean('ended'),
    }
    figures.push(figure)
    const shown = [figure.exchangeMs, figure.roundMs, figure.slowestMs].map((ms) => ms.toFixed(0))
    if (!flags.json) console.log(`| ${[`${100 * rate} %`, mode, ...shown].join(' | ')} |`)
  }
}
await cells.close()
if (flags.json) console.log(JSON.stringify(figures))
