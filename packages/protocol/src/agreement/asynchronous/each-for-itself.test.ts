import { expect, test } from 'vitest'
import type { Position } from '../../roster/position.ts'
import { Quorums } from '../../roster/quorums.ts'
import type { Shell } from '../../shell/agreement.ts'
import type { AgreementOptions } from '../../shell/agreement-options.ts'
import { EachForItself } from './each-for-itself.ts'
import { type Asynchronous, gradientStage } from './settings.ts'

const digestOfNumber = (number: number): string => number.toString(16).padStart(64, '0')

const settings = { bootstrap: 0, lipschitz: 'none', frequency: 'none', memory: 1 } as unknown as Asynchronous

/** Peer 0 of four. */
function agreementOf(shell: Partial<Shell>): EachForItself {
  const network = { quorums: Quorums.equal(4, 1), peers: 4, genesis: digestOfNumber(0) }
  const timing = { graceMs: 1, timeoutMs: 1, askMs: 1 }
  const options = { network, self: 0, initial: digestOfNumber(1), timing } as unknown as AgreementOptions
  return new EachForItself({ work: () => {}, forget: () => {}, ...shell } as Shell, options, settings)
}

function announce(agreement: EachForItself, author: Position, number: number): void {
  agreement.round(number)!.onStatement(author, { kind: 'init', stage: gradientStage, digest: digestOfNumber(number) })
}

test.each(['init', 'word'] as const)(
  'of an author who says nothing but %s, by ever greater numbers, no more than the newest is kept',
  (kind) => {
    const kept = new Set<number>()
    const agreement = agreementOf({
      forget: (author: Position, before: number) => {
        expect(author).toBe(1)
        for (const number of kept) if (number < before) kept.delete(number)
      },
    })
    for (let number = 1; number <= 100; number++) {
      kept.add(number)
      const content = digestOfNumber(number)
      const round = agreement.round(number)!
      if (kind === 'init') round.onStatement(1, { kind, stage: gradientStage, digest: content })
      else round.onStatement(1, { kind, stage: gradientStage, content })
      expect([...kept]).toEqual([number])
    }
  },
)

test('of an author that announces without end a few are taken in and passed on in a round, and what it has said stays evidence', () => {
  const entered: number[] = []
  const agreement = agreementOf({
    heard: { isProven: () => false, of: () => [] },
    enter: ({ number }) => void entered.push(number),
    agenda: { forgetWork: () => {}, forgetTimers: () => {}, work: [] },
    vigil: { state: 'silent' } as Shell['vigil'],
  })
  agreement.start()
  let number = 0
  while (number < 10_000 && agreement.inReach({ author: 1, round: number + 1 })) announce(agreement, 1, ++number)
  expect(number).toBe(64)
  expect(agreement.inReach({ author: 1, round: number })).toBe(true)
  expect(agreement.inReach({ author: 2, round: 1 })).toBe(true)
  agreement.again()
  expect(entered).toEqual([1, 1])
  expect(agreement.inReach({ author: 1, round: number + 1 })).toBe(true)
})
