import { truncateSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { MomentumFiles } from './momentum-files.ts'
import { folderForEach } from './testing/state.ts'

const folder = folderForEach()
const open = () => {
  folder.open().close()
  return new MomentumFiles(folder.path, 2)
}

it('what was sent last is there after a restart, and so is the one before it', async () => {
  const files = open()
  expect(files.before(1)).toBeUndefined()
  for (const round of [1, 2, 5]) await files.keep(round, new Float32Array([round, 0.5]))
  const again = new MomentumFiles(folder.path, 2)
  expect(again.before(6)).toEqual(new Float32Array([5, 0.5]))
  expect(again.before(5)).toEqual(new Float32Array([2, 0.5]))
  await again.keep(5, new Float32Array([7, 7]))
  expect(new MomentumFiles(folder.path, 2).before(6)).toEqual(new Float32Array([7, 7]))
})

it('what no crash leaves is refused', async () => {
  const files = open()
  await files.keep(3, new Float32Array([1, 2]))
  expect(() => new MomentumFiles(folder.path, 3).before(4)).toThrow('momentum of 3 numbers is damaged')
  truncateSync(join(folder.path, 'momentum-0'), 5)
  expect(() => new MomentumFiles(folder.path, 2).before(4)).toThrow('damaged')
})
