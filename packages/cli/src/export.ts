import { mkdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { plain } from '@hearsay/catalogue/words'
import { encodeNpy } from '@hearsay/data/npy'
import type { ModelFile } from '@hearsay/training/files'
import { type Command, Option } from 'commander'
import { CommandError } from './command-error.ts'
import type { Place } from './find-model.ts'
import { writeFile } from './write-file.ts'

const formats = ['safetensors', 'npy', 'tfjs', 'onnx'] as const
type Format = (typeof formats)[number]

interface ExportFlags extends Place {
  readonly format: Format
  readonly out?: string
}

export function addExport(program: Command, numberOf: (text: string) => number): void {
  program
    .command('export')
    .description('write what was learnt for other programs: the newest model of a run or of a peer')
    .argument('<from>', 'the folder of a run or of a peer, or a file of safetensors')
    .addOption(new Option('--format <name>', 'how it is written').choices([...formats]).default('safetensors'))
    .option('--out <path>', 'where to: a file, and for npy and tfjs a folder; named after the model when left out')
    .option('--cell <number>', 'of a run with several cells: which, from 0', numberOf)
    .option('--seed <number>', 'of a run with several seeds: which', numberOf)
    .addHelpText(
      'after',
      `
  safetensors  one file of named tensors, for safetensors.numpy.load_file and its like in other languages
  npy          a folder with a file for each tensor, for numpy.load
  tfjs         model.json and weights.bin, for tf.loadLayersModel; of models of layers and of TensorFlow.js
  onnx         one file, for onnxruntime and others; input [n, …shape of a sample], output logits [n, outputs]; of dense,
               convolutional and pooling layers, one after the other

Beside it is a file of JSON that says what it is a model of: names and shapes of tensors, the round that ended with it and
its digest, as certificates name it, the task, and what its test data gave. task.start in a scenario or a genesis begins
with a file of safetensors, whatever wrote it.

Exit codes: 0 done, 2 the command is wrong, or there is no model that can be written so.

Examples:
  hearsay export runs/latest --cell 0 --format onnx --out digits.onnx
  hearsay export my-peer --out model.safetensors
  hearsay export model.safetensors --format npy --out model`,
    )
    .action(exportModel)
}

async function exportModel(from: string, { format, out, ...place }: ExportFlags): Promise<void> {
  // Only here: other commands need not wait for it.
  const { findModel } = await import('./find-model.ts')
  const { model, name } = await findModel(from, place)
  const target = out ?? (format === 'npy' || format === 'tfjs' ? `${name}-${format}` : `${name}.${format}`)
  const about = { ...model.about, tensors: model.tensors.map(({ name: tensor, shape }) => ({ name: tensor, shape })) }
  const files = await filesOf(format, model, from)
  const folder = files.size > 1 || format === 'npy' || format === 'tfjs'
  // Checked before anything is written.
  checkTarget(target, folder)
  mkdirSync(folder ? target : dirname(target), { recursive: true })
  for (const [file, pieces] of files) writeFile(folder ? join(target, file) : target, pieces)
  const beside = folder ? join(target, 'about.json') : `${target}.json`
  writeFile(beside, [`${JSON.stringify(about, undefined, 2)}\n`])
  const round = model.about === undefined ? '' : `, of round ${model.about.round}`
  process.stdout.write(
    `${plain(target)}: ${model.parameters.length} parameters${round}. What it is: ${plain(beside)}\n`,
  )
}

function checkTarget(target: string, folder: boolean): void {
  const found = statSync(target, { throwIfNoEntry: false })
  if (found === undefined || found.isDirectory() === folder) return
  throw new CommandError(
    `--out ${target}: it is ${folder ? 'a file, and a folder is needed' : 'a folder, and a file is needed'}`,
  )
}

/** Pieces of each file, by name; of a single file without one. */
async function filesOf(format: Format, model: ModelFile, from: string): Promise<Map<string, Iterable<Uint8Array>>> {
  const { arraysOf, encodeModel, encodeOnnx, encodeTfjs, encodeTopology, planLayers, plansOf } = await import(
    '@hearsay/training/files'
  )
  const { about, parameters } = model
  if (format === 'safetensors') return new Map([['', encodeModel(model, about)]])
  if (format === 'npy')
    return new Map(
      arraysOf(model).map(({ name, shape, values }) => [`${fileOf(name)}.npy`, encodeNpy(shape, [values])]),
    )
  const { layers, topology } = about ?? {}
  if (about === undefined || (layers === undefined && topology === undefined))
    throw new CommandError(`${from}: it does not say of which layers the model is: take --format safetensors or npy`)
  const listed = () => ({ plans: planLayers(layers!), parameters })
  if (format === 'onnx') {
    const { plans, parameters } = topology === undefined ? listed() : plansOf(topology, model)
    return new Map([['', [encodeOnnx(plans, parameters, about)]]])
  }
  const files = topology === undefined ? await encodeTfjs(listed().plans, parameters) : encodeTopology(topology, model)
  return new Map([...files].map(([name, bytes]) => [name, [bytes]]))
}

/** A tensor's name may be anything, and a file's may not. */
function fileOf(tensor: string): string {
  return tensor.replace(/[^A-Za-z0-9._-]/g, '_').replace(/^\.+/, '_')
}
