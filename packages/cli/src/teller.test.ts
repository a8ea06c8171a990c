import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import { expect, it } from 'vitest'
import { Teller } from './teller.ts'

const linesOf = (text: string): string[] => text.split('\n').filter((line) => line !== '')

it('says when something happened, in words and as JSON', () => {
  for (const json of [false, true]) {
    const stream = new PassThrough()
    new Teller(json, stream).tell({ event: 'connected', peer: 'somebody' })
    const line = String(stream.read())
    if (json) expect(JSON.parse(line)).toEqual({ at: expect.any(String), event: 'connected', peer: 'somebody' })
    else expect(line).toMatch(/^connected {4}\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z {2}peer somebody\n$/)
  }
})

it('holds no more than a megabyte for a reader that hangs, and tells it how much it missed', async () => {
  const stream = new PassThrough({ highWaterMark: 1 })
  const teller = new Teller(true, stream)
  for (let told = 0; told < 3000; told++) teller.tell({ event: 'round', text: 'x'.repeat(1000) })
  expect(stream.writableLength).toBeLessThan(1024 * 1024 + 2000)
  let read = ''
  stream.setEncoding('utf8').on('data', (text: string) => {
    read += text
  })
  await once(stream, 'drain')
  teller.tell({ event: 'last' })
  stream.end()
  await once(stream, 'end')
  const lines = linesOf(read).map((line) => JSON.parse(line))
  const [lost, last] = lines.slice(-2)
  expect(last).toMatchObject({ event: 'last' })
  expect(lost).toMatchObject({ event: 'lost', lines: 3000 - (lines.length - 2) })
})

it('says nothing more, and throws nothing, when its reader went away', async () => {
  const stream = new PassThrough()
  const teller = new Teller(true, stream)
  const closed = new Promise((resolve) => stream.on('close', resolve))
  stream.destroy(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }))
  await closed
  for (let told = 0; told < 10; told++) teller.tell({ event: 'round' })
  expect(stream.read()).toBe(null)
})
