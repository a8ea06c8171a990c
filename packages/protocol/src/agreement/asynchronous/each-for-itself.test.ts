import { expect, test } from 'vitest'
import type { Position } from '../../roster/position.ts'
import { Quorums } from '../../roster/quorums.ts'
import type { Shell } from '../../shell/agreement.ts'
import type { AgreementOptions } from '../../shell/agreement-options.ts'
import { EachForItself } from './each-for-itself.ts'
import { type Asynchronous, gradientStage } from './settings.ts'

const digestOfNumber = (number: number): string => number.toString(16).padStart(64, '0')

test.each(['init', 'word'] as const)(
  'of an author who says nothing but %s, by ever greater numbers, no more than the newest is kept',
  (kind) => {
    const kept = new Set<number>()
    const shell = {
      forget: (author: Position, before: number) => {
        expect(author).toBe(1)
        for (const number of kept) if (number < before) kept.delete(number)
      },
      work: () => {},
    } as unknown as Shell
    const network = { quorums: Quorums.equal(4, 1), peers: 4, genesis: digestOfNumber(0) }
    const timing = { graceMs: 1, timeoutMs: 1, askMs: 1 }
    const options = { network, self: 0, initial: digestOfNumber(1), timing } as unknown as AgreementOptions
    const settings = { bootstrap: 0, lipschitz: 'none', frequency: 'none', memory: 1 } as unknown as Asynchronous
    const agreement = new EachForItself(shell, options, settings)
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
