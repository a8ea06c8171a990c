import { expect, it } from 'vitest'
import { OwnVectors } from './own-vectors.ts'
import { Performer } from './performer.ts'
import { type Pull, promised } from './ports.ts'
import { digest } from './testing/digest.ts'

it('a certified model is asked of another signer first each round: none can hold up all adoptions', () => {
  const asked: Pull[] = []
  const performer = new Performer({
    self: 1,
    carrier: { pull: (pull) => void asked.push(pull) },
    clock: { nowMs: () => 0, after: () => () => {} },
    vectors: new OwnVectors({ rule: { rule: 'mean', tolerated: 1 }, peers: 4, initial: new Float32Array(4) }),
    trainer: promised(() => Promise.reject(new Error('nobody trains'))),
    holders: () => [],
    watch: () => {},
  })
  const never = (): void => expect.unreachable()
  for (const round of [7, 8, 9]) {
    const work = { id: round, kind: 'adopt', round, model: digest(`model ${round}`), signers: [0, 2, 3] } as const
    performer.perform(work, never, never)
  }
  expect(asked.map(({ sources }) => sources())).toEqual([
    [2, 3, 0],
    [3, 0, 2],
    [0, 2, 3],
  ])
  expect(asked.map(({ signal }) => signal.aborted)).toEqual([true, true, false])
  expect(asked[0]!.digest).toEqual(digest('model 7'))
})
