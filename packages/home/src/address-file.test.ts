import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { AddressFile } from './address-file.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'addresses-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const records = [Uint8Array.of(1, 2, 3), Uint8Array.of(4)]
const unwritten: Error[] = []
const fileAt = (path: string): AddressFile => new AddressFile(path, (error) => unwritten.push(error))
const numbers = (file: AddressFile): number[][] => file.read().map((record) => [...record])

it('has what was written last, however often it changed', async () => {
  const file = fileAt(join(folder, 'addresses'))
  expect(numbers(file)).toEqual([])
  file.write([Uint8Array.of(9)])
  file.write(records)
  await file.settled()
  expect(numbers(fileAt(join(folder, 'addresses')))).toEqual([[1, 2, 3], [4]])
})

it('is as empty when it is broken, and when it cannot be written says so once and ends nothing', async () => {
  writeFileSync(join(folder, 'broken'), Buffer.from([255, 255, 255, 255, 1]))
  expect(numbers(fileAt(join(folder, 'broken')))).toEqual([])
  const nowhere = fileAt(join(folder, 'no', 'such', 'folder'))
  for (let time = 0; time < 3; time++) {
    nowhere.write(records)
    await nowhere.settled()
  }
  expect(unwritten).toEqual([expect.objectContaining({ code: 'ENOENT' })])
  expect(numbers(nowhere)).toEqual([])
})
