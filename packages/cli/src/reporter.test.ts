import { PassThrough } from 'node:stream'
import type { Progress } from '@hearsay/experiment'
import { expect, test } from 'vitest'
import { createReporter } from './reporter.ts'

const cell: Progress = {
  ...{ kind: 'cell', cell: 0, cells: 2, label: 'mean', seed: 3, end: 'certified', virtual: true },
  headline: { name: 'accuracy', better: 'more', format: 'percent' } as unknown as Extract<
    Progress,
    { kind: 'cell' }
  >['headline'],
}
const round = (number: number): Progress => ({
  ...{ kind: 'round', round: number, rounds: 100, ended: 7, honest: 7, models: 1, receivedBytes: 1e6 },
})

test('without a terminal a long job among several says once a minute how far it is', () => {
  const stream = new PassThrough({ encoding: 'utf8' })
  let now = 0
  const { progress } = createReporter(stream as unknown as NodeJS.WriteStream, 2, () => now)
  progress(cell, 'a')
  for (let at = 1; at <= 50; at++) {
    now = at * 3000
    progress(round(at), 'a')
  }
  expect(stream.read()).toBe(
    '[1/2] mean  seed 3  round 20 of 100, about 4 min to go\n[1/2] mean  seed 3  round 40 of 100, about 3 min to go\n',
  )
})

test('on a terminal the line of a long job says how long it takes yet', () => {
  const stream = Object.assign(new PassThrough({ encoding: 'utf8' }), { isTTY: true, columns: 200 })
  let now = 0
  const { progress } = createReporter(stream as unknown as NodeJS.WriteStream, 1, () => now)
  progress(cell)
  progress(round(1))
  now = 1000
  progress(round(2))
  expect(stream.read()).toMatch(/round 2 of 100 .*received 1\.0 MB a peer, about 98 s to go$/)
})
