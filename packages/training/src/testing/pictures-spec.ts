import { z } from 'zod'
import { type PicturesSpec, picturesFields } from '../pictures/schema.ts'

/** A task of pictures with its defaults. */
export function picturesSpec(given: object = {}): PicturesSpec {
  return z.strictObject(picturesFields()).parse(given) as unknown as PicturesSpec
}
