import type { DataError } from '../format/data-error.ts'
import type { Samples } from '../format/samples.ts'
import { dataSchema, readSamples } from '../formats.ts'

/** Samples of what a user might write under `data`, with the defaults of the schema. */
export async function readData(base: string, data: object): Promise<Samples> {
  return readSamples(dataSchema().parse(data), { base })
}

/** What reading finds: the samples, if there are any left, with all faults and notes. */
export async function readTold(base: string, data: object) {
  const faults: string[] = []
  const notes: string[] = []
  const teller = {
    fault: ({ message }: DataError) => void faults.push(message.replaceAll(`${base}/`, '')),
    note: (text: string) => void notes.push(text),
  }
  const samples = await readSamples(dataSchema().parse(data), { base, teller })
  return { samples, faults, notes }
}
