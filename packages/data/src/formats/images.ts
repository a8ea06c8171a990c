import { z } from 'zod'
import { badData, type DataError } from '../format/data-error.ts'
import type { DataContext, Format } from '../format/format.ts'
import type { Part, Samples } from '../format/samples.ts'
import { decodeImage, type Size } from '../images/decode-image.ts'
import { type ImageFile, imageFiles } from '../images/image-files.ts'
import { classesField, classesOf } from '../reading/classes.ts'
import { placeOf } from '../reading/files.ts'
import { type Division, holdBack, testShareField } from '../reading/held-back.ts'
import { agreedScale, scaleField, scaleInputs } from '../reading/scale.ts'

const NUMBERS_MOST = 2 ** 32
/** Decoded at a time, by threads of sharp's own. */
const TOGETHER = 8

const fields = {
  train: z.string().min(1).describe('the folder that has a folder of PNG or JPEG files for each class'),
  test: z.string().min(1).optional().describe('the same of the test data'),
  testShare: testShareField,
  classes: classesField,
  size: z
    .tuple([z.int().min(1).max(4096), z.int().min(1).max(4096)])
    .optional()
    .describe('height and width to which all are resized; when left out, all must have the same'),
  colour: z.boolean().default(false).describe('whether colours are kept: three numbers for each pixel instead of one'),
  scale: scaleField('unit'),
}

const schema = z.object(fields)
type ImagesSpec = z.infer<typeof schema> & { readonly kind: string }

/** Pictures by class, in the order of classes and then of names. */
export const images: Format<ImagesSpec, 'images'> = {
  name: 'images',
  summary: 'a folder of pictures for each class, PNG or JPEG',
  options: {},
  gives: () => 'samples',
  fields: () => fields,
  at: (path) => ({ train: path }),
  async read(spec, context) {
    const train = placeOf(spec.train, context)
    const test = spec.test === undefined ? undefined : placeOf(spec.test, context)
    const found = {
      train: await imageFiles(train, context),
      test: test === undefined ? [] : await imageFiles(test, context),
    }
    const classes = classesOf(
      [...found.train, ...found.test].map((each) => each.name),
      spec.classes,
      train,
    )
    const [trainFiles, testFiles] = [found.train, found.test].map((files) => ordered(files, classes.indices, context))
    const size = spec.size ?? (await firstSize(trainFiles!, spec, context))
    const division: Division =
      test === undefined
        ? holdBack(trainFiles!.length, spec.testShare, train)
        : { train: Int32Array.from(trainFiles!.keys()), test: Int32Array.from(testFiles!.keys()) }
    const shape = spec.colour ? [...size, 3] : [...size]
    const width = shape.reduce((product, length) => product * length, 1)
    const part = async (files: readonly ImageFile[], rows: Int32Array): Promise<Part> => {
      const chosen = Array.from(rows, (row) => files[row]!)
      const { inputs, read } = await decodeAll(chosen, width, size, spec, context)
      const labels = Int32Array.from(read, ({ name }) => classes.indices.get(name)!)
      return { inputs, targets: { kind: 'classes', labels }, count: read.length }
    }
    const samples = {
      train: await part(trainFiles!, division.train),
      test: await part(test === undefined ? trainFiles! : testFiles!, division.test),
    }
    const scaling = scaleInputs(spec.scale, { train: samples.train.inputs, test: samples.test.inputs }, width)
    context.teller?.understood?.({ classes: classes.names, size, scale: agreedScale(spec.scale, scaling) })
    const origin: Omit<Samples, 'train' | 'test'> = {
      shape,
      inputs: [],
      targets: 'classes',
      outputs: classes.names,
      groups: [],
      ...(scaling === undefined ? {} : { scaling }),
    }
    return { ...origin, ...samples }
  },
}

/** By class, those of unknown ones told and left out. */
function ordered(files: readonly ImageFile[], classes: ReadonlyMap<string, number>, context: DataContext): ImageFile[] {
  const known = files.filter(({ file, name }) => {
    if (classes.has(name)) return true
    tell(
      context,
      badData(file, `its folder "${name}" is no class; they are ${[...classes.keys()].slice(0, 10).join(', ')}`),
    )
    return false
  })
  return known.sort((a, b) => classes.get(a.name)! - classes.get(b.name)!)
}

async function firstSize(files: readonly ImageFile[], { colour }: ImagesSpec, context: DataContext): Promise<Size> {
  for (const { file } of files) {
    try {
      return (await decodeImage(file, { colour })).size
    } catch (error) {
      tell(context, error as DataError)
    }
  }
  throw badData('data', 'no picture can be read; give PNG or JPEG files')
}

async function decodeAll(
  files: readonly ImageFile[],
  width: number,
  size: Size,
  spec: ImagesSpec,
  context: DataContext,
): Promise<{ inputs: Float32Array; read: ImageFile[] }> {
  if (files.length * width > NUMBERS_MOST)
    throw badData(
      'data',
      `${files.length} pictures of ${size.join(' × ')} pixels do not fit into memory; say a smaller size`,
    )
  const inputs = new Float32Array(files.length * width)
  const read: ImageFile[] = []
  for (let from = 0; from < files.length; from += TOGETHER) {
    context.signal?.throwIfAborted()
    await context.turn?.()
    const some = files.slice(from, from + TOGETHER)
    const results = await Promise.allSettled(
      some.map(({ file }) =>
        decodeImage(file, { colour: spec.colour, ...(spec.size === undefined ? {} : { size: spec.size }) }),
      ),
    )
    for (const [index, result] of results.entries()) {
      const { file } = some[index]!
      if (result.status === 'rejected') {
        tell(context, result.reason as DataError)
        continue
      }
      const { size: found, pixels } = result.value
      if (found[0] !== size[0] || found[1] !== size[1]) {
        const problem = `${found.join(' × ')} pixels, where the first picture has ${size.join(' × ')}`
        tell(context, badData(file, `${problem}; say size: [height, width] to resize all`))
        continue
      }
      inputs.set(pixels, read.length * width)
      read.push(some[index]!)
    }
  }
  return { inputs: inputs.subarray(0, read.length * width), read }
}

function tell({ teller }: DataContext, error: DataError): void {
  if (teller === undefined) throw error
  teller.fault(error)
}
