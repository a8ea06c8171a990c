import { z } from 'zod'
import { badData, type DataError } from '../format/data-error.ts'
import type { DataContext, Format } from '../format/format.ts'
import type { Part, Samples } from '../format/samples.ts'
import { decodeImage, type Size } from '../images/decode-image.ts'
import { type ImageFile, imageFiles } from '../images/image-files.ts'
import { pictureInputs } from '../images/picture-inputs.ts'
import { classesField, classesOf } from '../reading/classes.ts'
import { placeOf } from '../reading/files.ts'
import { holdBack, testShareField } from '../reading/held-back.ts'
import { roomFor } from '../reading/room.ts'
import { agreedScale, scaleField, scaleInputs } from '../reading/scale.ts'

/** Decoded at a time, by threads of sharp's own. */
const together = 8

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
    const { outputs, size, train, test } = await listed(spec, context)
    const shape = shapeOf(size, spec)
    const width = shape.reduce((product, length) => product * length, 1)
    const parts = {
      train: await decodeAll(train, width, size, spec, context),
      test: await decodeAll(test, width, size, spec, context),
    }
    const scaling = scaleInputs(spec.scale, { train: parts.train.inputs, test: parts.test.inputs }, width)
    const samples = {
      ...samplesOf(shape, outputs),
      agreed: { classes: outputs, size, scale: agreedScale(spec.scale, scaling) },
      train: partOf(parts.train.read, outputs, parts.train.inputs),
      test: partOf(parts.test.read, outputs, parts.test.inputs),
    }
    return scaling === undefined ? samples : { ...samples, scaling }
  },
  async outline(spec, context) {
    const { outputs, size, train, test } = await listed(spec, context)
    // Only the pictures themselves tell by what they are standardised.
    const agreed = { classes: outputs, size, ...(spec.scale !== 'standard' && { scale: spec.scale }) }
    const shown = { ...samplesOf(shapeOf(size, spec), outputs), agreed }
    return { ...shown, train: partOf(train, outputs), test: partOf(test, outputs) }
  },
  inputs: pictureInputs,
}

const shapeOf = (size: Size, { colour }: ImagesSpec): number[] => (colour ? [...size, 3] : [...size])

function samplesOf(shape: readonly number[], outputs: readonly string[]): Omit<Samples, 'train' | 'test'> {
  return { shape, inputs: [], targets: 'classes', outputs, groups: [] }
}

function partOf(files: readonly ImageFile[], outputs: readonly string[], inputs = new Float32Array(0)): Part {
  const places = new Map(outputs.map((name, place) => [name, place]))
  const labels = Int32Array.from(files, ({ name }) => places.get(name)!)
  return { inputs, targets: { kind: 'classes', labels }, count: files.length }
}

interface Listed {
  readonly outputs: readonly string[]
  readonly size: Size
  readonly train: readonly ImageFile[]
  readonly test: readonly ImageFile[]
}

/** What there is, before all of it is decoded. */
async function listed(spec: ImagesSpec, context: DataContext): Promise<Listed> {
  const folder = placeOf(spec.train, context)
  const all = await imageFiles(folder, context)
  const tests = spec.test === undefined ? undefined : await imageFiles(placeOf(spec.test, context), context)
  const names = [...all, ...(tests ?? [])].map(({ name }) => name)
  const { names: outputs, indices } = classesOf(names, spec.classes, folder)
  const train = ordered(all, indices, context)
  const size = spec.size ?? (await firstSize(train, spec, context))
  if (tests !== undefined) return { outputs, size, train, test: ordered(tests, indices, context) }
  const held = holdBack(train.length, spec.testShare, folder)
  const chosen = (rows: Int32Array) => Array.from(rows, (row) => train[row]!)
  return { outputs, size, train: chosen(held.train), test: chosen(held.test) }
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
): Promise<{ inputs: Float32Array<ArrayBuffer>; read: ImageFile[] }> {
  const inputs = roomFor(files.length, width, spec.train)
  const read: ImageFile[] = []
  for (let from = 0; from < files.length; from += together) {
    context.signal?.throwIfAborted()
    await context.turn?.()
    const some = files.slice(from, from + together)
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
