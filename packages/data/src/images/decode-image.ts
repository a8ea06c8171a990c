import { readFile } from 'node:fs/promises'
import { badData } from '../format/data-error.ts'
import { fileSize } from '../reading/files.ts'

/** Height and width, pixels. */
export type Size = readonly [height: number, width: number]

const mostBytes = 64 * 1024 * 1024
const mostPixels = 2 ** 26

/**
 * The bytes of a PNG or JPEG, row by row, one or three for each pixel, turned as its camera says; what is transparent is white.
 * Throws DataError.
 */
export async function decodeImage(
  file: string,
  { colour, size }: { readonly colour: boolean; readonly size?: Size },
): Promise<{ size: Size; pixels: Uint8Array }> {
  const sizeBytes = await fileSize(file)
  if (sizeBytes > mostBytes) throw badData(file, `${sizeBytes} bytes, at most ${mostBytes} are read; make it smaller`)
  const bytes = await readFile(file)
  // Whatever else the decoder knows, such as SVG, is not asked for.
  if (!isPng(bytes) && !isJpeg(bytes))
    throw badData(file, 'it is no PNG and no JPEG, whatever its name; convert it or take it away')
  // Only here: whoever reads tables need not load it.
  const { default: sharp } = await import('sharp')
  try {
    const image = sharp(bytes, { limitInputPixels: mostPixels })
    const { width, height } = await image.metadata()
    if (width * height > mostPixels)
      throw badData(file, `${height} × ${width} pixels, at most ${mostPixels} are read; make it smaller`)
    let turned = image.autoOrient().flatten({ background: '#ffffff' })
    if (size !== undefined) turned = turned.resize(size[1], size[0], { fit: 'fill' })
    const { data, info } = await turned
      .toColourspace(colour ? 'srgb' : 'b-w')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true })
    const channels = colour ? 3 : 1
    if (info.channels !== channels)
      throw badData(file, `it has ${info.channels} channels; convert it to a PNG in RGB or grey`)
    return { size: [info.height, info.width], pixels: data }
  } catch (error) {
    if (error instanceof Error && 'code' in error) throw error
    const why = (error as Error).message.trim().split('\n')[0]!
    if (/pixel limit/.test(why))
      throw badData(file, `more than ${mostPixels} pixels, the most that are read; make it smaller`)
    throw badData(file, `it is broken (${why}); get it again or take it away`, { cause: error })
  }
}

function isPng(bytes: Uint8Array): boolean {
  return [0x89, 0x50, 0x4e, 0x47].every((byte, index) => bytes[index] === byte)
}

function isJpeg(bytes: Uint8Array): boolean {
  return [0xff, 0xd8, 0xff].every((byte, index) => bytes[index] === byte)
}
