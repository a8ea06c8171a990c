import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { formats, namedSets } from '@hearsay/data'
import { registries } from '@hearsay/training/schema'
import { expect, test } from 'vitest'

// docs/data.md is written by hand: what is known by name is all in it, and as it is.
const document = readFileSync(join(import.meta.dirname, '../../docs/data.md'), 'utf8')
/** Cells of the rows of its tables. */
const rows = document
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => line.split('|').map((cell) => cell.trim().replaceAll('`', '')))
const rowOf = (name: string) => rows.find((cells) => cells[1] === name)

test('every data set has its size and licence', () => {
  for (const { name, pinned, licence } of namedSets.values()) {
    const megabytes = pinned.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) / 1e6
    expect([name, rowOf(name)?.[2], rowOf(name)?.[4]]).toEqual([name, `${megabytes.toFixed(1)} MB`, licence])
  }
})

test('every format and partition is there, and what it needs', () => {
  for (const name of formats.keys()) expect([name, rowOf(name) !== undefined]).toEqual([name, true])
  const needs = { labels: 'classes', groups: 'a group column' }
  for (const { name, by } of registries.partitions.values())
    expect([name, rowOf(name)?.[3]]).toEqual([name, by === undefined ? 'nothing' : needs[by]])
})
