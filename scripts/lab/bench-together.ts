// What trainings of several peers as one computation take beside trainings one by one, of the same peers and batches.
//   node scripts/lab/bench-together.ts [--json] [--model mlp] [--peers 16] [--turns 15]
import { loadEngine, togetherCosts } from '@hearsay/training/testing/together-costs'
import { commandLine, usageError } from '../command-line.ts'

const help = `pnpm bench:together: trainings of several peers by the engine \`batched\`, against \`native\`.

  --model M   of dense layers: mlp or logistic; mlp
  --peers N   16
  --turns N   of the trainings of a round of each; 15
  --least R   exit with 1 when it is less than R times as fast
  --json      the figures as JSON`
const values = commandLine(help, {
  model: { type: 'string', default: 'mlp' },
  peers: { type: 'string', default: '16' },
  turns: { type: 'string', default: '15' },
  least: { type: 'string', default: '0' },
  json: { type: 'boolean', default: false },
})
const [peers, turns, least] = [Number(values.peers), Number(values.turns), Number(values.least)]
if (!(peers >= 1 && turns >= 1)) usageError('--peers and --turns are whole numbers from 1')
if (!['mlp', 'logistic'].includes(values.model)) usageError(`--model ${values.model} is neither mlp nor logistic`)

const engine = await loadEngine('native')
const costs = togetherCosts(engine, values.model, peers, turns)
const { eachMs, togetherMs, distance } = costs
const times = eachMs / togetherMs
if (values.json) console.log(JSON.stringify({ engine: engine.version, model: values.model, peers, ...costs, times }))
else
  console.log(
    `${engine.version}, ${values.model}, ${peers} peers, time of the processor, the median of ${turns}: ` +
      `one by one ${eachMs.toFixed(0)} ms, together ${togetherMs.toFixed(0)} ms, ${times.toFixed(2)} times as fast; ` +
      `updates differ by at most ${(100 * distance).toFixed(3)} % of their norm`,
  )
if (times < least) process.exitCode = 1
