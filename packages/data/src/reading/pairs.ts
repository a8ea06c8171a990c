import { z } from 'zod'
import { badData } from '../format/data-error.ts'
import type { DataContext } from '../format/format.ts'
import type { Part, Samples, Targets } from '../format/samples.ts'
import { classesField, classesOf, fewNumbers, isWhole, labelsField } from './classes.ts'
import { type Division, holdBack, testShareField } from './held-back.ts'
import { roomFor } from './room.ts'
import { agreedScale, type Scale, scaleField, scaleInputs } from './scale.ts'

/** Up to here whole numbers are exact as float32. */
const mostExact = 2 ** 24

/** Numbers of a file in C order. */
export interface Numbers {
  readonly file: string
  readonly shape: readonly number[]
  readonly values: Exclude<NodeJS.TypedArray, BigInt64Array | BigUint64Array>
}

/** Inputs and their labels, as many of each. */
export interface Pair {
  readonly inputs: Numbers
  readonly labels: Numbers
}

export const pairSchema = z.strictObject({
  inputs: z.string().min(1).describe('the file of inputs, samples along its first dimension'),
  labels: z.string().min(1).describe('the file of labels, one or a row of them for each sample'),
})

/** What formats that have inputs and labels in arrays of their own may say of them. */
export const pairFields = (usual: Scale) => ({
  testShare: testShareField,
  labels: labelsField,
  classes: classesField,
  scale: scaleField(usual),
})

export type PairOptions = {
  readonly testShare?: number | undefined
  readonly labels?: Targets['kind'] | undefined
  readonly classes?: readonly string[] | undefined
  readonly scale: Scale
}

/** Samples of arrays. Throws DataError. */
export function samplesOfPairs(
  train: Pair,
  test: Pair | undefined,
  options: PairOptions,
  context: DataContext,
): Samples {
  for (const pair of test === undefined ? [train] : [train, test]) checkPair(pair)
  const shape = train.inputs.shape.slice(1)
  if (test !== undefined && String(test.inputs.shape.slice(1)) !== String(shape))
    throw badData(test.inputs.file, `its samples are [${test.inputs.shape.slice(1)}], those of training [${shape}]`)
  const division: Division =
    test === undefined
      ? holdBack(train.inputs.shape[0]!, options.testShare, train.inputs.file)
      : { train: allOf(train), test: allOf(test) }
  const rows = [
    { pair: train, rows: division.train },
    { pair: test ?? train, rows: division.test },
  ] as const
  const { outputs, targets } = targetsOf(rows, options, context)
  const width = shape.reduce((product, length) => product * length, 1)
  const [trainInputs, testInputs] = rows.map(({ pair, rows }) => taken(pair.inputs, rows, width))
  const inputs = { train: trainInputs!, test: testInputs! }
  const scaling = scaleInputs(options.scale, inputs, width)
  const agreed = {
    labels: targets[0].kind,
    ...(targets[0].kind === 'classes' ? { classes: outputs } : {}),
    scale: agreedScale(options.scale, scaling),
  }
  const part = (at: 0 | 1, values: Float32Array): Part => ({
    inputs: values,
    targets: targets[at],
    count: rows[at].rows.length,
  })
  return {
    shape,
    inputs: [],
    targets: targets[0].kind,
    outputs,
    groups: [],
    train: part(0, inputs.train),
    test: part(1, inputs.test),
    agreed,
    ...(scaling === undefined ? {} : { scaling }),
  }
}

function allOf({ inputs }: Pair): Int32Array {
  return Int32Array.from({ length: inputs.shape[0]! }, (_, row) => row)
}

function checkPair({ inputs, labels }: Pair): void {
  const [count = 0, ...shape] = inputs.shape
  if (count === 0) throw badData(inputs.file, 'it has no samples; get the file again')
  if (count > 2 ** 31 - 1) throw badData(inputs.file, `${count} samples are more than fit into memory; divide the file`)
  if (shape.length === 0) throw badData(inputs.file, 'its inputs have no dimension; save x.reshape(-1, 1)')
  if (labels.shape[0] !== count)
    throw badData(
      inputs.file,
      `${count} samples, but ${labels.shape[0] ?? 0} labels in ${labels.file}; give one for each`,
    )
  if (labels.shape.length > 2)
    throw badData(labels.file, `labels have the shape [${labels.shape}]; save y.reshape(n, -1)`)
}

/** Rows of an array as float32. Throws DataError for what is not finite. */
export function taken({ file, values }: Numbers, rows: Int32Array, width: number): Float32Array {
  const into = roomFor(rows.length, width, file)
  for (let to = 0; to < rows.length; to++)
    into.set(values.subarray(rows[to]! * width, (rows[to]! + 1) * width) as Float32Array, to * width)
  const wrong = into.findIndex((value) => !Number.isFinite(value))
  if (wrong < 0) return into
  const place = `${file}: row ${rows[Math.floor(wrong / width)]! + 1}`
  throw badData(place, `it has the value ${into[wrong]}; leave the sample out or put a number there`)
}

type Chosen = readonly [{ pair: Pair; rows: Int32Array }, { pair: Pair; rows: Int32Array }]

function targetsOf(
  chosen: Chosen,
  { labels: said, classes }: PairOptions,
  { teller }: DataContext,
): { outputs: readonly string[]; targets: readonly [Targets, Targets] } {
  const files = [...new Set(chosen.map(({ pair }) => pair.labels))]
  const width = files[0]!.shape[1] ?? 1
  for (const { file, shape, values } of files) {
    if ((shape[1] ?? 1) !== width)
      throw badData(file, `${shape[1] ?? 1} labels for each sample, those of training ${width}`)
    const wrong = values.findIndex((value: number) => !Number.isFinite(value))
    if (wrong >= 0)
      throw badData(`${file}: row ${Math.floor(wrong / width) + 1}`, `its label is ${values[wrong]}; mend it`)
  }
  const kind = said ?? (classes !== undefined ? 'classes' : guessed(files, width))
  if (said === undefined) teller?.note(`labels are taken for ${kind}`)
  if (kind === 'classes') return classTargets(chosen, files, width, classes)
  const outputs = Array.from({ length: width }, (_, index) => `label ${index + 1}`)
  const values = chosen.map(({ pair, rows }) => {
    const into = new (kind === 'flags' ? Uint8Array : Float32Array)(rows.length * width)
    for (const [to, row] of rows.entries())
      for (let index = 0; index < width; index++) {
        const value = pair.labels.values[row * width + index]!
        if (kind === 'flags' && value !== 0 && value !== 1)
          throw badData(`${pair.labels.file}: row ${row + 1}`, `a flag is ${value}, where 0 or 1 is due; mend it`)
        into[to * width + index] = value
      }
    return { kind, values: into } as Targets
  })
  return { outputs, targets: [values[0]!, values[1]!] }
}

function guessed(files: readonly Numbers[], width: number): Targets['kind'] {
  const found = new Set<number>()
  for (const { values } of files)
    for (const value of values) {
      if (!Number.isInteger(value)) return 'numbers'
      found.add(value)
      if (found.size > fewNumbers) return 'numbers'
    }
  if (width === 1) return 'classes'
  return [...found].every((value) => value === 0 || value === 1) ? 'flags' : 'numbers'
}

function classTargets(chosen: Chosen, files: readonly Numbers[], width: number, given: readonly string[] | undefined) {
  if (width !== 1) throw badData(files[0]!.file, `${width} labels for each sample are no classes; say labels: flags`)
  const found = new Set(files.flatMap(({ values }) => [...new Set(values as unknown as Iterable<number>)]).map(String))
  const large = [...found].find((value) => Math.abs(Number(value)) > mostExact)
  if (large !== undefined)
    throw badData(files[0]!.file, `its label ${large} is too large to be told from the next; number classes from 0`)
  const classes = classesOf(found, given, files[0]!.file)
  // Names such as "cat" stand for 0, 1, …; names that are numbers stand for themselves.
  const indices = classes.names.every(isWhole)
    ? classes.indices
    : new Map(classes.names.map((_, index) => [String(index), index]))
  const targets = chosen.map(({ pair, rows }) => {
    const labels = Int32Array.from(rows, (row) => {
      const value = String(pair.labels.values[row])
      const index = indices.get(value)
      if (index !== undefined) return index
      const known = [...indices.keys()].slice(0, 10).join(', ')
      throw badData(`${pair.labels.file}: row ${row + 1}`, `its label ${value} is no class; they are ${known}`)
    })
    return { kind: 'classes', labels } as const
  })
  return { outputs: classes.names, targets: [targets[0]!, targets[1]!] as const }
}
