import { plain } from '@hearsay/catalogue/words'
import type { ModelFile } from '@hearsay/training/files'
import type { Network } from '@hearsay/training/neurons'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { collect } from './assignments.ts'
import { CommandError } from './command-error.ts'
import type { Place } from './find-model.ts'
import type { NeuronsReport } from './neurons-report.ts'
import { type InputFlags, inputsFor, needReading } from './new-inputs.ts'
import { pictureFile } from './picture-file.ts'

interface NeuronsFlags extends Place, InputFlags {
  readonly epsilon: number
  readonly data?: string
  readonly fault: 'crash' | 'byzantine'
  readonly off?: number
  readonly failed?: readonly number[]
  readonly crash?: number
  readonly delta?: number
  readonly draws: number
  readonly tries: number
  readonly samples: number
  readonly drawsSeed: number
  readonly json?: boolean
  readonly picture?: string
}

export function addNeurons(program: Command, numberOf: (text: string) => number): void {
  program
    .command('neurons')
    .description(
      'how many neurons of a model may fail, layer by layer, until what it tells is off by more than you allow',
    )
    .argument('<model>', 'the folder of a run or of a peer, or a file of safetensors that hearsay export wrote')
    .requiredOption(
      '--epsilon <number>',
      'by how much an output may be off, in the unit of outputs: logits, numbers',
      positive,
    )
    .option('--data <path>', 'data as hearsay predict takes them: for calibration, for what is tried, and for --crash')
    .addOption(
      new Option(
        '--fault <how>',
        'crash: a neuron sends 0; byzantine: anything between the greatest values, of both signs',
      )
        .choices(['crash', 'byzantine'])
        .default('crash'),
    )
    .option('--off <C>', 'what fails is off by at most this, in place of what follows from --fault', positive)
    .option('--failed <f,…>', 'how many neurons fail at once in each hidden layer; 1 in each when left out', counts)
    .option(
      '--crash <p>',
      'each neuron of a layer crashes by itself with this probability: mean and deviation',
      probability,
    )
    .option(
      '--delta <probability>',
      'with --crash: how many copies keep the chance of more than epsilon below this',
      probability,
    )
    .option('--tries <number>', 'failures that are tried in each layer', numberOf, 1000)
    .option('--draws <number>', 'of each input, sets of crashed neurons that are drawn', numberOf, 1000)
    .option('--samples <number>', 'of the data, on how many crashes are averaged', numberOf, 20)
    .option('--draws-seed <number>', 'of what is tried and drawn', numberOf, 1)
    .option('--json', 'print everything as JSON')
    .option('--picture <file>', 'draw the bounds too, as .svg or .png')
    .option('--cell <number>', 'of a run with several cells: which, from 0', numberOf)
    .option('--seed <number>', 'of a run with several seeds: which', numberOf)
    .option('--array <name>', 'of a .npz with several arrays: which has the inputs')
    .option(
      '--set <field=value>',
      'where new data are written otherwise, as in hearsay predict; may be repeated',
      collect,
      [],
    )
    .option('--unseen', 'take a category that training did not have for none of those that it had')
    .addHelpText(
      'after',
      `
A neuron that fails sends something wrong, and those after it pass that on: by at most K (the steepest slope of their function)
times the weight between them. Two bounds follow, both for the worst neurons, inputs and signs that there are:

  max-weight  every weight counts as the greatest of its layer (El Mhamdi, Guerraoui 2016)
  absolute    every weight counts as what it is, without its sign; mostly much tighter, and the one for convolutions

tolerated is the greatest number of failed neurons of one layer, all others being well, whose bound is at most epsilon. A model
whose outputs are already off by ε′ has ε − ε′ left: give that. What relu sends has no greatest value, so that --data is needed:
the greatest on them counts, and holds where what is sent is cut to it. With --data synapses are told of too: one that fails
carries nothing, or anything as great as its weight carries. A channel of a convolution is one neuron, at all its places.

From the absolute bound follows after how many inputs the neurons of the next layer may go on, by how much neurons may round, and
how many copies of each neuron, with weights divided by as many, make one failure tolerable.

With --data failures are tried, at random and along gradients, beside their bound; of classes the share of predictions is told
that --failed is proven not to change. With --crash, of the greatest output: b3 by its gradient, b4 by trying each crash alone,
and what draws give (the same authors, 2019). With --delta, the copies whose median is off by more than epsilon with a chance
below delta, for the worst input and output.

Models that are lists of layers are known: dense, convolution, max-pooling, with relu, tanh or none.

Examples:
  hearsay neurons runs/latest --cell 0 --epsilon 0.5 --data new-people.csv
  hearsay neurons my-peer --epsilon 1 --data photos.npy --fault byzantine --failed 2
  hearsay neurons digits.safetensors --epsilon 2 --data photos.npy --crash 0.01 --picture neurons.svg

Exit codes: 0 done, 2 the command, the model or the data are wrong: nothing is written.`,
    )
    .action(neurons)
}

async function neurons(from: string, flags: NeuronsFlags): Promise<void> {
  const writePicture = pictureFile('--picture', flags.picture)
  for (const name of ['draws', 'samples', 'tries'] as const)
    if (flags[name] < 1) throw new CommandError(`--${name} 0: it takes 1 or more`)
  if (flags.crash !== undefined && flags.data === undefined)
    throw new CommandError('--crash: what crashes do depends on the input; give --data')
  if (flags.delta !== undefined && flags.crash === undefined)
    throw new CommandError('--delta: it is about random crashes; give --crash')
  // Only here: help need not wait for it.
  const { findModel } = await import('./find-model.ts')
  const { model } = await findModel(from, flags)
  const network = await readNetwork(model, from)
  const inputs = flags.data === undefined ? undefined : await rowsOf(model, from, flags.data, flags)
  const { neuronsReport } = await import('./neurons-report.ts')
  const classes = model.about?.reading?.targets === 'classes'
  const report = neuronsReport({ ...flags, network, classes, ...(inputs && { inputs }) })
  if (flags.json) {
    const { name, round, digest } = model.about!
    process.stdout.write(`${JSON.stringify({ model: { name, round, digest }, ...report }, null, 2)}\n`)
  } else {
    const { neuronsText } = await import('./neurons-text.ts')
    process.stdout.write(plain(neuronsText(report)))
  }
  if (writePicture === undefined) return
  await writePicture((await pictureOf(from, report)).svg)
  if (!flags.json) process.stdout.write(`\nThe picture: ${plain(flags.picture!)}\n`)
}

async function readNetwork({ about, ...model }: ModelFile, from: string): Promise<Network> {
  const { layers, topology, task } = about ?? {}
  if (layers === undefined && topology === undefined) {
    const why =
      task === undefined
        ? 'it does not say of which layers the model is; name a run, a peer, or what hearsay export wrote'
        : `of what ${task.kind === undefined ? 'its program' : `the task ${task.kind}`} learns no layers are known, and so no neurons; it takes a model that is a list of layers, such as mlp or cnn`
    throw new CommandError(`${from}: ${why}`)
  }
  const { planLayers, plansOf } = await import('@hearsay/training/files')
  const { networkOf } = await import('@hearsay/training/neurons')
  try {
    if (layers !== undefined) return networkOf(planLayers(layers), model.parameters)
    const { plans, parameters } = plansOf(topology!, model)
    return networkOf(plans, parameters)
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'bad-model') throw error
    throw new CommandError(`${from}: ${(error as Error).message.replace(/; take --format .*/, '')}`)
  }
}

async function rowsOf({ about }: ModelFile, from: string, data: string, flags: InputFlags): Promise<Float32Array[]> {
  const { values, count } = await inputsFor(needReading(about!, from), data, flags)
  const width = values.length / count
  return Array.from({ length: count }, (_, row) => values.subarray(row * width, (row + 1) * width))
}

async function pictureOf(from: string, report: NeuronsReport) {
  const { drawNeurons } = await import('@hearsay/results/pictures')
  const { epsilon, fault, off, layers, synapses = [] } = report
  return drawNeurons({
    name: from,
    setting: `${layers.length} hidden layers · ${off === undefined ? fault : `off by ${off}`} · ε ${epsilon}`,
    epsilon,
    panels: [
      ...layers.map(({ layer, kind, ...part }) => ({
        ...{ ...part, title: `Layer ${layer}`, what: kind === 'dense' ? 'neurons' : 'channels' },
      })),
      ...synapses.map((part, at) => ({
        ...{
          ...part,
          title: at === synapses.length - 1 ? 'Into the output' : `Into layer ${at + 1}`,
          what: 'synapses',
        },
      })),
    ],
  })
}

function positive(text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text)
  if (!(value > 0 && Number.isFinite(value))) throw new InvalidArgumentError('It takes a number above 0.')
  return value
}

function probability(text: string): number {
  const value = positive(text)
  if (value >= 1) throw new InvalidArgumentError('It takes a number between 0 and 1.')
  return value
}

function counts(text: string): number[] {
  const values = text.split(',').map((each) => (each.trim() === '' ? Number.NaN : Number(each)))
  if (values.every((value) => Number.isSafeInteger(value) && value >= 0)) return values
  throw new InvalidArgumentError('It takes whole numbers with commas between.')
}
