// Time of a round outside training, and bytes a peer receives: ten peers, mlp of 101,770 parameters, memory transport.
//   node scripts/lab/bench-round.ts [--rounds N] [--json]
import { loadavg } from 'node:os'
import { runCell } from '@hearsay/experiment'
import { loadScenario } from '@hearsay/scenario'
import { startTrainingPool } from '@hearsay/training'
import { commandLine } from '../command-line.ts'

const scenarioText = `name: bench-round
question: What does agreement cost in one round?
peers: 10
tolerated: 3
task: { dataset: digits, model: mlp }
stallMs: 60000
`

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[sorted.length >> 1] ?? Number.NaN
}

const help = `pnpm bench: time of a round outside training, and bytes that a peer receives.

  --rounds N  of ten peers on libp2p in one process; 15
  --json      the figures as JSON`
const flags = commandLine(help, {
  rounds: { type: 'string', default: '15' },
  json: { type: 'boolean', default: false },
})
const scenario = loadScenario(scenarioText, { file: 'bench-round.yaml', overrides: [`rounds=${flags.rounds}`] })
const cell = scenario.cells[0]!
const { task, learning, peers, rounds } = cell.parameters
const pool = await startTrainingPool()
try {
  const opened = await pool.open({ task, learning, peers, seed: 1 })
  const loadBefore = loadavg()[0]!
  const { measures, rows, outsideTrainingMs } = await runCell({ cell, seed: 1, task: opened })
  if (measures.liveness.ended < rounds) throw new Error('not every round ended; is the machine overloaded?')
  const updatesBytes = (peers - 1) * opened.initial.length * Float32Array.BYTES_PER_ELEMENT
  // The compiler warms up in the first rounds, and the libp2p hosts get to know each other.
  const warmUp = Math.min(3, rounds - 1)
  const received = rows.filter(({ round }) => round > warmUp).map(({ bytesReceived }) => bytesReceived / updatesBytes)
  const result = {
    engine: pool.engine.name,
    peers,
    parameters: opened.initial.length,
    rounds,
    warmUp,
    /** Ms from when the last honest peer had trained to when the last had certified, at the median of rounds. */
    outsideTrainingMs: { all: median(outsideTrainingMs), warm: median(outsideTrainingMs.slice(warmUp)) },
    byRoundMs: outsideTrainingMs.map((ms) => Math.round(ms)),
    /** Parts of a round of a peer, each at its median. */
    timeMs: measures.timeMs,
    /** Bytes that a peer receives in a round, in updates of the nine others; median and greatest of peers and rounds. */
    receivedUpdates: {
      median: median(received),
      greatest: Math.max(...received),
      run: measures.bytes.received / updatesBytes / rounds,
    },
    load: loadBefore,
  }
  if (flags.json) console.log(JSON.stringify(result, null, 2))
  else {
    const { outsideTrainingMs: outside, receivedUpdates } = result
    console.log(
      `${peers} peers, ${opened.initial.length} parameters, ${rounds} rounds, ${result.engine} engine, load ${loadBefore.toFixed(1)}`,
    )
    console.log(
      `outside training   ${outside.warm.toFixed(0)} ms a round at the median, ${outside.all.toFixed(0)} ms with the first ${warmUp}`,
    )
    console.log(`                   ${result.byRoundMs.join(' ')}`)
    console.log(
      `bytes received     ${receivedUpdates.median.toFixed(3)} × the nine updates at the median, ${receivedUpdates.greatest.toFixed(3)} at most, ${receivedUpdates.run.toFixed(3)} over the run`,
    )
  }
} finally {
  await pool.close()
}
