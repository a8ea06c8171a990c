import { fromHex } from '@hearsay/protocol'
import { expect, it } from 'vitest'
import type { FetchOptions, NetworkHost } from './network/index.ts'
import { Performer } from './performer.ts'
import { digest } from './testing/roster.ts'

it('a certified model is asked of another signer first each round: none can hold up all adoptions', () => {
  const asked: FetchOptions[] = []
  const host = { fetch: (options: FetchOptions) => new Promise<void>(() => asked.push(options)) }
  const ids = ['a', 'b', 'c', 'd']
  const trainer = { train: () => Promise.reject(new Error('nobody trains')) }
  const performer = new Performer(
    { ids, self: 1, rule: { rule: 'mean', tolerated: 1 }, initial: new Float32Array(4), trainer },
    { host: host as unknown as NetworkHost, holders: () => [], watch: () => {} },
  )
  for (const round of [7, 8, 9])
    void performer.perform({ id: round, kind: 'adopt', round, model: digest(`model ${round}`), signers: [0, 2, 3] })
  expect(asked.map(({ sources }) => sources())).toEqual([
    ['c', 'd', 'a'],
    ['d', 'a', 'c'],
    ['a', 'c', 'd'],
  ])
  expect(asked.map(({ signal }) => signal.aborted)).toEqual([true, true, false])
  expect(asked[0]!.digest).toEqual(fromHex(digest('model 7')))
})
