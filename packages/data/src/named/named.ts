import { join, resolve } from 'node:path'
import { choiceSchemas } from '@hearsay/catalogue/schema'
import { z } from 'zod'
import { DataError } from '../format/data-error.ts'
import type { DataContext, DataSpec, Format } from '../format/format.ts'
import type { Samples } from '../format/samples.ts'
import { placeOf } from '../reading/files.ts'
import { hasFiles } from './fetch.ts'
import type { NamedSet } from './named-set.ts'
import { namedSets, type SetChoice } from './sets.ts'

export interface NamedSpec extends DataSpec {
  readonly name: SetChoice
  readonly folder?: string | undefined
}

/** Where `hearsay data fetch` puts a data set when nothing else is said; against the working folder. */
export const usualFolder = (name: string): string => join('data', name)

/** What `hearsay data fetch` has put into a folder. */
export const named: Format<NamedSpec, 'named'> = {
  name: 'named',
  summary: 'a data set by its name, which hearsay data fetch gets',
  options: {},
  gives: ({ name }) => namedSets.choose(name).member.gives,
  fields: () => ({
    name: z.union(choiceSchemas([...namedSets.values()])).describe(described()),
    folder: z
      .string()
      .min(1)
      .optional()
      .describe('where hearsay data fetch has put it; data/NAME in the working folder when left out'),
  }),
  at: (path) => ({ folder: path }),
  async read(spec, context) {
    const { member, options, folder } = await placed(spec, context)
    const data = await member.read(folder, options, context)
    if ('users' in data) return data
    return withOrigin(data, member)
  },
  async outline(spec, context) {
    const { member, options, folder } = await placed(spec, context)
    const read = member.outline ?? member.read
    return withOrigin((await read(folder, options, context)) as Samples, member)
  },
}

async function placed({ name, folder: said }: NamedSpec, context: DataContext) {
  const { member, options } = namedSets.choose(name)
  const folder = said === undefined ? resolve(usualFolder(member.name)) : placeOf(said, context)
  if (await hasFiles(member, folder)) return { member, options, folder }
  const to = said === undefined ? '' : ` --to ${folder}`
  throw new DataError(
    'data-missing',
    `${folder}: the data set ${member.name} is not there; get it: hearsay data fetch ${member.name}${to}`,
  )
}

function withOrigin(samples: Samples, { source, licence }: NamedSet): Samples {
  // Of a set with a reader of its own, new data are arrays like those that it gives.
  return { readBy: { kind: 'arrays', scale: 'none' }, ...samples, origin: { source, licence } }
}

/** Whose the data of a specification are, where they are known by name. Throws DataError for a name that is none. */
export function originOf(spec: DataSpec): Samples['origin'] {
  if (spec.kind !== named.name) return undefined
  const { source, licence } = namedSets.choose((spec as NamedSpec).name).member
  return { source, licence }
}

function described(): string {
  const told = [...namedSets.values()].map(({ name, summary }) => `\`${name}\` (${summary})`)
  return `which: ${told.join(', ')}`
}
