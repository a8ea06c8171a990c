import { stat } from 'node:fs/promises'
import { type Kind, Registry } from '@hearsay/catalogue'
import { optionSchemas } from '@hearsay/catalogue/schema'
import { z } from 'zod'
import { badData, DataError } from './format/data-error.ts'
import type { DataContext, DataSpec, Format } from './format/format.ts'
import type { Inputs, InputsContext, Like } from './format/inputs.ts'
import type { Ratings } from './format/ratings.ts'
import type { Samples } from './format/samples.ts'
import * as shipped from './formats/shipped.ts'
import { named } from './named/named.ts'
import { placeOf } from './reading/files.ts'

const formatKind: Kind<'format'> = {
  word: 'format',
  nouns: ['format', 'formats'],
  functions: ['gives', 'read'],
  beside: ['kind'],
  error: (code, message) => new DataError(code, message),
}

/** Ways in which data lie in files, by name. */
export const formats = new Registry<Format, 'format'>(formatKind, { ...shipped, named })

/** What may stand under `data` in a scenario or a genesis, by what is known now; of those alone that give what is wanted. */
export function dataSchema(wanted?: ReturnType<Format['gives']>): z.ZodType<DataSpec> {
  const fit = [...formats.values()].filter(
    // What a data set with a name gives, the name says.
    (format) => wanted === undefined || format.name === named.name || format.gives({ kind: format.name }) === wanted,
  )
  const schemas = fit.map((format) => {
    const kind = z.literal(format.name).describe(format.summary)
    const fields = { ...optionSchemas(format.name, format.options), ...format.fields?.() }
    return z.strictObject({ kind, ...fields }).describe(format.summary)
  })
  return z.discriminatedUnion('kind', [schemas[0]!, ...schemas.slice(1)]) as unknown as z.ZodType<DataSpec>
}

/** Samples in whatever format. Throws DataError. */
export async function readSamples(spec: DataSpec, context: DataContext): Promise<Samples> {
  return (await given('samples', spec).read(spec, context)) as Samples
}

/** The same, but inputs may be empty: what dividing samples needs, where that is had for less. Throws DataError. */
export async function outlineSamples(spec: DataSpec, context: DataContext): Promise<Samples> {
  return given('samples', spec).outline?.(spec, context) ?? readSamples(spec, context)
}

/**
 * What a model is to be used on, in a file or folder of whatever format reads such samples without labels, that of their own
 * first. Throws DataError.
 */
export async function readInputs(path: string, like: Like, context: InputsContext): Promise<Inputs> {
  const file = placeOf(path, context)
  if ((await stat(file).catch(() => undefined)) === undefined)
    throw new DataError('data-missing', `${file}: there is no such file or folder; correct the path.`)
  const own = formats.find(like.data.kind)
  // What a model file says of its data is no more to be trusted than the file.
  const data = dataSchema().safeParse({ ...like.data, ...own.at?.(path, {}) })
  if (!data.success) {
    const { path: field, message } = data.error.issues[0]!
    throw badData(
      file,
      `what the model says of its data cannot be read, ${field.join('.')}: ${message}; export it again`,
    )
  }
  for (const format of new Set([own, ...formats.values()])) {
    const inputs = await format.inputs?.(path, { ...like, data: data.data }, context)
    if (inputs !== undefined) return inputs
  }
  const due = own.name === 'table' ? 'a table: .csv, .tsv, .parquet' : '.npy, .npz, IDX, or pictures, .png and .jpg'
  throw badData(file, `the model learnt from data of the format ${own.name}, and takes other files; give ${due}`)
}

/** Ratings in whatever format that gives them. Throws DataError. */
export async function readRatings(spec: DataSpec, context: DataContext): Promise<Ratings> {
  return (await given('ratings', spec).read(spec, context)) as Ratings
}

function given(wanted: ReturnType<Format['gives']>, spec: DataSpec): Format {
  const format = formats.find(spec.kind)
  const gives = format.gives(spec)
  if (gives === wanted) return format
  throw new DataError(
    'bad-option',
    `data: ${spec.kind} gives ${gives} here, where ${wanted} are wanted; take other data.`,
  )
}
