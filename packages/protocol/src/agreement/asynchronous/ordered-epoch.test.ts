/** Epochs of numbers, judged in two orders. */

import { expect, test } from 'vitest'
import { randomFrom } from '../../testing/exchange.ts'
import { type Digest, digestOf } from '../../words/digest.ts'
import type { Member } from '../../words/member.ts'
import { type Bench, encodeModelRound, type Ordered } from '../../words/order.ts'
import { decodeState, type OrderState } from './order-state.ts'
import { epochOrder, firstState, modelsNamed } from './ordered-epoch.ts'
import type { Filters } from './settings.ts'

const [peers, tolerated, remembered] = [7, 2, 6]

/** Models of one number, and updates of a tenth of the way to −1, with noise. */
class Numbers {
  readonly #held = new Map<Digest, number>()

  hold(value: number): Digest {
    const digest = digestOf(Buffer.from(String(value)))
    this.#held.set(digest, value)
    return digest
  }

  bench(model: Digest, members: readonly Member[]): Bench {
    const of = (digest: Digest): number => this.#held.get(digest)!
    let made = of(model)
    return {
      distance: (a, b) => Math.abs(of(a) - of(b)),
      distanceOfStep: (update, from, to) => Math.abs(of(update) - (of(to) - of(from))),
      add: (update, times) => {
        made += (times * of(update)) / peers
      },
      addByRule: () => {
        made += members.map(({ digest }) => of(digest)).sort((a, b) => a - b)[peers >> 1]!
      },
      model: () => this.hold(made),
    }
  }

  update(model: Digest, noise: number): Digest {
    return this.hold(-0.1 * (this.#held.get(model)! + 1) + noise)
  }
}

/** Of so many epochs, those in which other gradients pass when the order is turned round; and how many were judged. */
function turnedRound(filters: Filters, epochs: number): { readonly differ: number; readonly judged: number } {
  const random = randomFrom(1)
  const numbers = new Numbers()
  let [model, state, bytes, differ, judged]: [Digest, OrderState, Ordered['state'] | undefined, number, number] = [
    ...[numbers.hold(1), firstState(numbers.hold(1), peers), undefined, 0, 0],
  ] as never
  for (let number = 1; number <= epochs; number++) {
    const members = Array.from({ length: peers }, (_, peer): Member => {
      const digest = numbers.update(model, (random(1000) - 500) / 10_000)
      return { peer, digest, behind: encodeModelRound(number - 1) }
    })
    const options = { filters, remembered, bootstrap: 0, step: 1 }
    const made = (from: OrderState): Ordered =>
      epochOrder({ number, model, state: bytes, peers, tolerated }, from, members, options).make(
        numbers.bench(model, members),
      )
    const ordered = made(state)
    if (!state.robust) {
      judged++
      // Who was applied longest ago comes last.
      const turned = made({ ...state, turns: state.turns.map((turn) => Math.max(...state.turns) - turn) })
      if (ordered.applied.toSorted().join() !== turned.applied.toSorted().join()) differ++
    }
    ;[model, bytes] = [ordered.model, ordered.state]
    state = decodeState(bytes, { peers, tolerated, models: modelsNamed(remembered), memory: filters.memory })!
  }
  return { differ, judged }
}

const kinds = (['usual', 'own-models', 'literal'] as const).flatMap((lipschitz) =>
  [1, 3].map((memory) => ({ lipschitz, memory })),
)

test.each(kinds)(
  'what the Lipschitz filter says does not hang on the order: $lipschitz, of the last $memory',
  (kind) => {
    const filters: Filters = { ...kind, frequency: 'none', dampening: 'none', alpha: 1, escape: false }
    const { differ, judged } = turnedRound(filters, 60)
    expect(judged).toBeGreaterThan(5)
    expect(differ).toBe(0)
  },
)
