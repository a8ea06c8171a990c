import { statSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { badData } from '../format/data-error.ts'
import type { Inputs, InputsContext, Like } from '../format/inputs.ts'
import { placeOf } from '../reading/files.ts'
import { scaledInputs } from '../reading/inputs.ts'
import { roomFor } from '../reading/room.ts'
import { decodeImage, type Size } from './decode-image.ts'
import { imageFiles } from './image-files.ts'

const picture = /\.(png|jpe?g)$/i

/** A picture, or all in a folder or in its folders, by name; those of another size are resized. Throws DataError. */
export async function pictureInputs(path: string, like: Like, context: InputsContext): Promise<Inputs | undefined> {
  const file = placeOf(path, context)
  const folder = statSync(file).isDirectory()
  if (like.data.kind === 'table' || (!folder && !picture.test(file))) return undefined
  const [height, width, channels = 1] = like.shape
  if (width === undefined || like.shape.length > 3 || ![1, 3].includes(channels))
    throw badData(file, `the model takes samples of [${like.shape}], which are no pictures; give .npy`)
  const files = folder ? await filesIn(file, context) : [file]
  const length = height! * width * channels
  const values = roomFor(files.length, length, file)
  let resized = 0
  for (const [index, each] of files.entries()) {
    context.signal?.throwIfAborted()
    await context.turn?.()
    const size: Size = [height!, width]
    let found = await decodeImage(each, { colour: channels === 3 })
    if (String(found.size) !== String(size)) {
      found = await decodeImage(each, { colour: channels === 3, size })
      resized++
    }
    values.set(found.pixels, index * length)
  }
  if (resized > 0) context.teller?.note(`${resized} of ${files.length} pictures were resized to ${height} × ${width}`)
  const names = files.map((each) => (folder ? relative(file, each) : path))
  return scaledInputs(values, like, { file, called: 'file', names })
}

async function filesIn(folder: string, context: InputsContext): Promise<string[]> {
  const names = (await readdir(folder)).filter((name) => picture.test(name) && !name.startsWith('.')).sort()
  if (names.length > 0) return names.map((name) => join(folder, name))
  return (await imageFiles(folder, context)).map(({ file }) => file)
}
