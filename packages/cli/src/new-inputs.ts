/** New data for a model that has learnt, read as those were that it learnt from. */
import { plain } from '@hearsay/catalogue/words'
import type { Inputs } from '@hearsay/data'
import type { About, Reading } from '@hearsay/training/files'
import { CommandError } from './command-error.ts'
import { fieldsOf } from './data-check.ts'

export interface InputFlags {
  readonly array?: string
  readonly unseen?: boolean
  readonly set: readonly string[]
}

/** How a new table may be written otherwise than that of training. */
export const writableFields = ['separator', 'decimal', 'columns', 'absent']

/** How data are read for a model. Throws CommandError when nothing tells that. */
export function needReading({ reading, task }: About, from: string): Reading {
  if (reading !== undefined) return reading
  const trained =
    typeof task.trainer === 'object'
      ? 'a program of your own trains it, and that alone can use it'
      : 'nothing in it tells how data are read for it; make it again'
  throw new CommandError(`${from}: ${trained}`)
}

/** Inputs of new data. Throws CommandError or DataError where they cannot be read as those of training were. */
export async function inputsFor(reading: Reading, data: string, { array, unseen, set }: InputFlags): Promise<Inputs> {
  const written = await fieldsOf(set)
  const other = Object.keys(written).find((name) => !writableFields.includes(name))
  if (other !== undefined)
    throw new CommandError(
      `--set ${other}: it follows from what was learnt; only ${writableFields.join(', ')} may be otherwise`,
    )
  const { readInputs } = await import('@hearsay/data')
  const teller = {
    fault: (error: Error) => {
      throw error
    },
    note: (text: string) => void process.stderr.write(plain(`hearsay: ${data}: ${text}\n`)),
  }
  return readInputs(data, { ...reading, data: { ...reading.data, ...written } }, { base: '', teller, array, unseen })
}
