import { resolve } from 'node:path'
import { plain } from '@hearsay/catalogue/words'
import type { Inputs } from '@hearsay/data'
import type { About, ModelFile, Reading } from '@hearsay/training/files'
import { type Command, Option } from 'commander'
import { collect } from './assignments.ts'
import { CommandError } from './command-error.ts'
import type { Place } from './find-model.ts'
import { untilInterrupted } from './interrupt.ts'
import { loadModules } from './load-modules.ts'
import { type InputFlags, inputsFor, needReading, writableFields } from './new-inputs.ts'
import { writeFile } from './write-file.ts'

interface PredictFlags extends Place, InputFlags {
  readonly out?: string
  readonly json?: boolean
  readonly base?: string
  readonly engine: 'native' | 'wasm' | 'auto'
}

export function addPredict(program: Command, numberOf: (text: string) => number): void {
  program
    .command('predict')
    .description('use what was learnt on new data: of each sample its class, its number or its flags')
    .argument('<model>', 'the folder of a run or of a peer, or a file of safetensors that hearsay export wrote')
    .argument('<data>', 'a file or a folder, without labels or with them, which are passed over')
    .option('--out <file>', 'write all of it as CSV, and print a summary')
    .option('--json', 'print all of it as JSON')
    .option('--cell <number>', 'of a run with several cells: which, from 0', numberOf)
    .option('--seed <number>', 'of a run with several seeds: which', numberOf)
    .option('--array <name>', 'of a .npz with several arrays: which has the inputs')
    .option(
      '--set <field=value>',
      `where a new table is written otherwise: ${writableFields.join(', ')}; may be repeated`,
      collect,
      [],
    )
    .option('--unseen', 'take a category that training did not have for none of those that it had; else it is an error')
    .option('--base <folder>', 'where the modules of a model of your own lie; the folder of its scenario when left out')
    .addOption(
      new Option('--engine <name>', 'what computes; auto is native if it is there')
        .choices(['native', 'wasm', 'auto'])
        .default('auto'),
    )
    .addHelpText(
      'after',
      `
The model knows how its data were read: columns, categories, classes, and the scales of its training part. So DATA is given as
it is, and read in the same way:

  LEARNT FROM             DATA
  a table                 .csv, .tsv or .parquet with the columns that were learnt from, in any order
  pictures, arrays, IDX   .png, .jpg or a folder of them; .npy, .npz or IDX of shape [n, …sample]

Of classes it tells the likeliest and the probability of each, of flags those that are likelier than not, of numbers the
numbers, in the unit of the data. A model of your own, by a module, is used when that module is the one that it learnt with.
What a program of your own trains, it alone can use.

Examples:
  hearsay predict runs/latest new-people.csv --cell 0
  hearsay predict my-peer new-people.csv --out incomes.csv --set separator=';'
  hearsay predict digits.safetensors photo.png --json | jq '.rows[0].probabilities'

Exit codes: 0 done, 2 the command, the model or the data are wrong: nothing is written; 130 interrupted.`,
    )
    .action(predict)
}

async function predict(from: string, data: string, flags: PredictFlags): Promise<void> {
  // Only here: help need not wait for it.
  const { findModel } = await import('./find-model.ts')
  const found = await findModel(from, flags)
  const known = knownOf(found.model, from)
  const base = resolve(flags.base ?? found.base)
  const extensions = await loadModules(known.about, base)
  const inputs = await inputsFor(known.reading, data, flags)
  const outputs = await untilInterrupted((signal) => outputsOf({ ...known, base, extensions }, inputs, flags, signal))
  const { likelyOf } = await import('@hearsay/training/files')
  const { linesOf, predictionsOf, summaryOf, tableOf } = await import('./predictions.ts')
  const predictions = predictionsOf(inputs, likelyOf(outputs, known.reading), known.reading)
  if (flags.out !== undefined) writeFile(flags.out, linesOf(predictions))
  const { name, round, digest } = known.about
  if (flags.json)
    process.stdout.write(`${JSON.stringify({ model: { name, round, digest }, data, ...predictions }, null, 2)}\n`)
  else if (flags.out === undefined) process.stdout.write(plain(tableOf(predictions)))
  else process.stdout.write(plain(`${summaryOf(predictions)}All of it: ${flags.out}\n`))
}

type Known = Pick<ModelFile, 'tensors' | 'parameters'> & { readonly about: About; readonly reading: Reading }

/** With what has to be known of a model to use it. */
function knownOf({ about, ...model }: ModelFile, from: string): Known {
  if (about === undefined)
    throw new CommandError(
      `${from}: no Hearsay wrote it, so that nothing tells how data are read for it; name a run, a peer, or what hearsay export wrote`,
    )
  return { ...model, about, reading: needReading(about, from) }
}

/** Numbers that one message to the process that computes carries, at most. */
const together = 1 << 22

async function outputsOf(
  {
    tensors,
    parameters,
    about,
    reading,
    base,
    extensions,
  }: Known & { readonly base: string; readonly extensions: readonly string[] },
  { values, count }: Inputs,
  { engine }: PredictFlags,
  signal: AbortSignal,
): Promise<Float32Array> {
  const { startTrainingPool } = await import('@hearsay/training')
  const files = { files: extensions, from: import.meta.url }
  const pool = await startTrainingPool({ engine, processes: 1, extensions: files, signal })
  try {
    const model = await pool.recall({ task: about.task, reading, base, tensors, parameters })
    const width = values.length / count
    const step = Math.max(1, Math.floor(together / width))
    const outputs = new Float32Array(count * reading.outputs.length)
    for (let start = 0; start < count; start += step) {
      signal.throwIfAborted()
      tellProgress(start, count)
      const some = values.slice(start * width, Math.min(count, start + step) * width)
      outputs.set(await model.outputs(some), start * reading.outputs.length)
    }
    tellProgress(count, count)
    const wrong = outputs.findIndex((output) => !Number.isFinite(output))
    if (wrong < 0) return outputs
    throw new CommandError(
      `the model gives no finite number for sample ${Math.floor(wrong / reading.outputs.length) + 1}; take one that has learnt`,
    )
  } finally {
    await pool.close()
  }
}

/** For who waits at a terminal. */
function tellProgress(done: number, count: number): void {
  if (process.stderr.isTTY)
    process.stderr.write(`\r${done.toLocaleString('en')} of ${count.toLocaleString('en')}${done === count ? '\n' : ''}`)
}
