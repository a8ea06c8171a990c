// What differentiating by TensorFlow.js costs against the passes that are written out, for the same models and batches.
//   node scripts/lab/bench-autodiff.ts [--json] [--engine native] [--turns 30] [--batch 32]
import { type EngineName, gradientCosts, loadEngine, stepsOfATurn } from '@hearsay/training/testing/gradient-costs'
import { commandLine, usageError } from '../command-line.ts'

const help = `pnpm bench:autodiff: the gradient of a step, traced by TensorFlow.js, against the passes that are written out.

  --engine E   native or wasm; native
  --turns N    of 10 steps of each; 30
  --batch N    samples of a step; 32
  --most R     exit with 1 when the ratio of a model is greater
  --json       the figures as JSON`
const values = commandLine(help, {
  engine: { type: 'string', default: 'native' },
  turns: { type: 'string', default: '30' },
  batch: { type: 'string', default: '32' },
  most: { type: 'string', default: 'Infinity' },
  json: { type: 'boolean', default: false },
})
const [turns, batch, most] = [Number(values.turns), Number(values.batch), Number(values.most)]
if (!(turns >= 1 && batch >= 1)) usageError('--turns and --batch are whole numbers from 1')
if (!['native', 'wasm'].includes(values.engine)) usageError(`--engine ${values.engine} is neither native nor wasm`)

const engine = await loadEngine(values.engine as EngineName)
const lines = ['mlp', 'cnn'].map((model) => gradientCosts(engine, model, batch, turns))
if (values.json) console.log(JSON.stringify({ engine: engine.version, batch, turns, lines }))
else {
  console.log(`${engine.version}, batches of ${batch}, the median of ${turns} turns of ${stepsOfATurn} steps`)
  for (const { model, writtenMs, tracedMs, ratio } of lines)
    console.log(
      `${model}  written out ${writtenMs.toFixed(3)} ms  traced ${tracedMs.toFixed(3)} ms  ratio ${ratio.toFixed(2)}`,
    )
}
if (lines.some(({ ratio }) => ratio > most)) process.exitCode = 1
