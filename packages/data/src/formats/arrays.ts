import { z } from 'zod'
import { readNpyFile } from '../arrays/npy-file.ts'
import { readNpz } from '../arrays/npz.ts'
import { badData, DataError } from '../format/data-error.ts'
import type { DataContext, Format } from '../format/format.ts'
import type { InputsContext } from '../format/inputs.ts'
import { placeOf } from '../reading/files.ts'
import { inputsOf } from '../reading/inputs.ts'
import { type Pair, type PairOptions, pairFields, pairSchema, samplesOfPairs } from '../reading/pairs.ts'

type Names = z.infer<typeof pairSchema>

type ArraysSpec = PairOptions & {
  readonly kind: string
  readonly file?: string
  readonly train?: Names
  readonly test?: Names
}

/** How the arrays of a .npz are called when nothing is said: inputs and labels of training, then those of tests. */
const usualNames: readonly (readonly [string, string, string?, string?])[] = [
  ['x_train', 'y_train', 'x_test', 'y_test'],
  ['train_images', 'train_labels', 'test_images', 'test_labels'],
  ['X_train', 'y_train', 'X_test', 'y_test'],
  ['x', 'y'],
  ['X', 'y'],
  ['inputs', 'labels'],
  ['images', 'labels'],
  ['data', 'labels'],
  ['arr_0', 'arr_1'],
]

/** Arrays of NumPy. */
export const arrays: Format<ArraysSpec, 'arrays'> = {
  name: 'arrays',
  summary: "NumPy's arrays of inputs and labels, in two .npy files or in one .npz",
  options: {},
  gives: () => 'samples',
  fields: () => ({
    file: z.string().min(1).optional().describe('the .npz'),
    train: pairSchema
      .optional()
      .describe(
        'the two .npy files of the training data; with file, the names of arrays in it, which may be left out when usual',
      ),
    test: pairSchema.optional().describe('the same of the test data'),
    ...pairFields('none'),
  }),
  // Names that stand with a .npz are of arrays in it, and without one they are files.
  at: (path, { file }) => ({ file: path, ...(file === undefined && { train: undefined, test: undefined }) }),
  async read(spec, context) {
    const { train, test } = await pairsOf(spec, context)
    return samplesOfPairs(train, test, spec, context)
  },
  async inputs(path, like, context) {
    if (like.data.kind === 'table' || !/\.np[yz]$/i.test(path)) return undefined
    const file = placeOf(path, context)
    return inputsOf(/z$/i.test(path) ? await arrayOf(file, context) : await readNpyFile(file, context), like)
  },
}

/** What an array of inputs alone may be called in a .npz. */
const alone = ['x', 'X', 'inputs', 'images', 'data', 'arr_0']

/** The array of inputs in a .npz. */
async function arrayOf(file: string, context: InputsContext) {
  const npz = await readNpz(file, context)
  const names = [...npz.names()]
  const usual = alone.filter((name) => npz.has(name))
  const name = context.array ?? (names.length === 1 ? names[0] : usual.length === 1 ? usual[0] : undefined)
  if (name !== undefined) return npz.read(name)
  throw badData(
    file,
    `its arrays are ${names.slice(0, 12).join(', ') || 'none'}; say which has the inputs: --array NAME`,
  )
}

async function pairsOf({ file, train, test }: ArraysSpec, context: DataContext): Promise<{ train: Pair; test?: Pair }> {
  if (file !== undefined) return ofNpz(placeOf(file, context), train, test, context)
  if (train === undefined)
    throw new DataError('bad-option', 'data: arrays needs file, a .npz, or train, two .npy; give one.')
  const pair = async ({ inputs, labels }: Names): Promise<Pair> => ({
    inputs: await readNpyFile(placeOf(inputs, context), context),
    labels: await readNpyFile(placeOf(labels, context), context),
  })
  return { train: await pair(train), ...(test === undefined ? {} : { test: await pair(test) }) }
}

async function ofNpz(
  file: string,
  train: Names | undefined,
  test: Names | undefined,
  context: DataContext,
): Promise<{ train: Pair; test?: Pair }> {
  const npz = await readNpz(file, context)
  const usual = usualNames.find(([inputs, labels]) => npz.has(inputs) && npz.has(labels))
  if (train === undefined && usual === undefined)
    throw new DataError(
      'bad-data',
      `${file}: it has the arrays ${[...npz.names()].slice(0, 12).join(', ') || 'none'}; name two of them: train: { inputs, labels }.`,
    )
  const pair = async ({ inputs, labels }: Names): Promise<Pair> => ({
    inputs: await npz.read(inputs),
    labels: await npz.read(labels),
  })
  if (train !== undefined)
    return { train: await pair(train), ...(test === undefined ? {} : { test: await pair(test) }) }
  const [inputs, labels, testInputs, testLabels] = usual!
  const found: { train: Pair; test?: Pair } = { train: await pair({ inputs, labels }) }
  if (test !== undefined) found.test = await pair(test)
  else if (testInputs !== undefined && npz.has(testInputs) && npz.has(testLabels!))
    found.test = await pair({ inputs: testInputs, labels: testLabels! })
  return found
}
