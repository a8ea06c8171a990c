/**
 * What asking a trainer's program costs beyond its own work: the numpy trainer of scenarios/numpy-trainer.yaml, which tells
 * how long it trained. Needs python3 and numpy.
 */
import { fileURLToPath } from 'node:url'
import { startTrainingPool } from '@hearsay/training'
import { commandLine, usageError } from '../command-line.ts'

const flags = commandLine(
  `node scripts/lab/bench-trainer.ts [--calls 200] [--hidden 3846]

Milliseconds of a call of an external trainer: of the training process, of that the trainer's own work, and the rest, which is
frames, copies and checks. Medians, and the tenth and ninetieth percentile.

  --calls N    so many are timed, after twenty; 200 unless given
  --hidden N   units of the hidden layer: 26 · N + 5 parameters; 3846 unless given, about 100,000`,
  { calls: { type: 'string', default: '200' }, hidden: { type: 'string', default: '3846' } },
)
const [calls, hidden] = [Number(flags.calls), Number(flags.hidden)]
if (!(Number.isSafeInteger(calls) && calls > 0)) usageError(`--calls takes a whole number from 1, found ${flags.calls}`)
if (!(Number.isSafeInteger(hidden) && hidden > 0))
  usageError(`--hidden takes a whole number from 1, found ${flags.hidden}`)

const base = fileURLToPath(new URL('../../scenarios', import.meta.url))
const options = { rows: 3000, columns: 20, hidden }
const trainer = { command: ['python3', 'numpy-trainer/train.py'], options }
const pool = await startTrainingPool({ engine: 'wasm', processes: 1 })
try {
  const task = { kind: 'external', trainer }
  const opened = await pool.open({ task, learning: { localSteps: 1 }, peers: 7, seed: 1, base })
  const columns = { 'a call': [], 'its own work': [], 'the rest': [] } as Record<string, number[]>
  for (let call = -20; call < calls; call++) {
    const { timeMs, workMs } = await opened.train((call + 21) % 7, call + 21, opened.initial)
    if (workMs === undefined) throw new Error('the trainer does not tell how long it worked')
    if (call < 0) continue
    columns['a call']!.push(timeMs)
    columns['its own work']!.push(workMs)
    columns['the rest']!.push(timeMs - workMs)
  }
  console.log(
    `${opened.initial.length} parameters, ${calls} calls, one step each`.padEnd(48),
    'median      10 %      90 %',
  )
  for (const [name, times] of Object.entries(columns)) {
    times.sort((a, b) => a - b)
    const at = (share: number): string => `${times[Math.floor(share * (times.length - 1))]!.toFixed(2)} ms`.padStart(9)
    console.log(name.padEnd(45), at(0.5), at(0.1), at(0.9))
  }
} finally {
  await pool.close()
}
