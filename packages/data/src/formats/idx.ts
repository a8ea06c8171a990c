import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { DataError } from '../format/data-error.ts'
import type { DataContext, Format } from '../format/format.ts'
import { placeOf } from '../reading/files.ts'
import { inputsOf } from '../reading/inputs.ts'
import { type PairOptions, pairFields, pairSchema, samplesOfPairs } from '../reading/pairs.ts'
import { readIdx } from './idx-file.ts'

type Files = z.infer<typeof pairSchema>

type IdxSpec = PairOptions & {
  readonly kind: string
  readonly folder?: string
  readonly train?: Files
  readonly test?: Files
}

/** Files of MNIST and its like. */
export const idx: Format<IdxSpec, 'idx'> = {
  name: 'idx',
  summary: 'IDX files, gzipped or not, as those of MNIST',
  options: {},
  gives: () => 'samples',
  fields: () => ({
    folder: z
      .string()
      .min(1)
      .optional()
      .describe(
        'the folder of train-images-idx3-ubyte, train-labels-idx1-ubyte and the same of t10k, with .gz or without',
      ),
    train: pairSchema.optional().describe('or the two files of the training data'),
    test: pairSchema.optional().describe('and those of the test data'),
    ...pairFields('unit'),
  }),
  at: (path) => ({ folder: path, train: undefined, test: undefined }),
  async read(spec, context) {
    const { train, test } = await filesOf(spec, context)
    const pair = async ({ inputs, labels }: Files) => ({
      inputs: await readIdx(inputs, context),
      labels: await readIdx(labels, context),
    })
    return samplesOfPairs(await pair(train), test === undefined ? undefined : await pair(test), spec, context)
  },
  async inputs(path, like, context) {
    if (like.data.kind === 'table' || !/(ubyte|\.idx)(\.gz)?$/i.test(path)) return undefined
    return inputsOf(await readIdx(placeOf(path, context), context), like)
  },
}

async function filesOf(
  { folder, train, test }: IdxSpec,
  context: DataContext,
): Promise<{ train: Files; test?: Files }> {
  if ((folder === undefined) === (train === undefined))
    throw new DataError('bad-option', 'data: idx needs either folder or train; give one of them.')
  const placed = ({ inputs, labels }: Files) => ({ inputs: placeOf(inputs, context), labels: placeOf(labels, context) })
  if (train !== undefined) return { train: placed(train), ...(test === undefined ? {} : { test: placed(test) }) }
  const place = placeOf(folder!, context)
  const usual = async (part: string) => ({
    inputs: await zippedOrNot(join(place, `${part}-images-idx3-ubyte`)),
    labels: await zippedOrNot(join(place, `${part}-labels-idx1-ubyte`)),
  })
  return { train: await usual('train'), test: await usual('t10k') }
}

async function zippedOrNot(file: string): Promise<string> {
  for (const each of [file, `${file}.gz`]) if ((await stat(each).catch(() => undefined))?.isFile()) return each
  throw new DataError('data-missing', `${file}: neither it nor ${file}.gz is there; give the folder of the four files.`)
}
