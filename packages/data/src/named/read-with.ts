import { z } from 'zod'
import type { DataContext, DataSpec, Format } from '../format/format.ts'
import type { Ratings } from '../format/ratings.ts'
import type { Samples } from '../format/samples.ts'

/** Reads what lies in a folder by a format, of which `fields` say what is not its default. Throws DataError. */
export async function readWith<Spec extends DataSpec>(
  format: Format<Spec>,
  fields: Readonly<Record<string, unknown>>,
  folder: string,
  context: DataContext,
): Promise<Samples | Ratings> {
  const spec = { kind: format.name, ...z.strictObject(format.fields?.() ?? {}).parse(fields) }
  const data = await format.read(spec as unknown as Spec, { ...context, base: folder })
  return 'users' in data ? data : { ...data, readBy: spec }
}
