import sharp from 'sharp'

/** A grey picture of bytes, row by row. */
export async function pngOf(pixels: Uint8Array, [height, width]: readonly [number, number]): Promise<Uint8Array> {
  return sharp(pixels, { raw: { width, height, channels: 1 } })
    .toColourspace('b-w')
    .png()
    .toBuffer()
}
