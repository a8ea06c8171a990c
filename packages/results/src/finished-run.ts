/** A run that has ended, read back from its folder, for who keeps it elsewhere too: what was put together of its jobs is gone by then. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Evaluation } from '@hearsay/training/schema'
import { parquetReadObjects } from 'hyparquet'
import type { LoggedRun } from './logged-run.ts'
import { columnsOf, type RoundRow } from './rounds.ts'
import { RunError } from './run-error.ts'

const known = new Set(columnsOf([]).map(({ name }) => name))

/** With the rows of `rounds.parquet` and the pictures that were drawn. Throws RunError `no-run` when its rows cannot be read. */
export async function finishedRun(run: Omit<LoggedRun, 'rows' | 'pictures'>): Promise<LoggedRun> {
  const pictures = ['plot', 'curves'].flatMap((name) => {
    const file = join(run.path, `${name}.png`)
    return existsSync(file) ? [{ name, png: readFileSync(file) }] : []
  })
  return { ...run, rows: await rowsIn(join(run.path, 'rounds.parquet')), pictures }
}

async function rowsIn(path: string): Promise<RoundRow[]> {
  try {
    const { buffer, byteOffset, byteLength } = readFileSync(path)
    const file = buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer
    return (await parquetReadObjects({ file })).map(rowOf)
  } catch (cause) {
    throw new RunError('no-run', `${path} cannot be read: ${(cause as Error).message}`, { cause })
  }
}

/** What is no column that all runs have is a measure. */
function rowOf(fields: Readonly<Record<string, unknown>>): RoundRow {
  const plain = Object.entries(fields).map(
    ([name, value]) => [name, typeof value === 'bigint' ? Number(value) : (value ?? null)] as const,
  )
  const own = plain.filter(([name]) => known.has(name))
  const evaluation = Object.fromEntries(plain.filter(([name]) => !known.has(name))) as Evaluation
  return { ...Object.fromEntries(own), evaluation } as unknown as RoundRow
}
