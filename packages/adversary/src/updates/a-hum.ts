import type { Attack } from './attack.ts'
import { missing } from './item-rows.ts'
import { pushForRandomUsers, randomUsersOptions } from './random-users.ts'
import { inner } from './vectors.ts'

/**
 * A-hum: as A-ra, with users that are hard to win (Rong, He, Chen: Poisoning Deep Learning Based Recommender Model in Federated
 * Learning Scenarios, IJCAI 2022). Each vector u first takes steps that make it dislike the target, u ← u − η σ(u · v) v, of
 * the loss −log(1 − σ(u · v)).
 *
 * Options: those of A-ra; `steps`; `rate`, η.
 *
 * What it can do: where layers above the items learn, they come to like the target for anybody. In matrix factorisation, users that
 * were moved against v want v to be turned round, which helps it with those who dislike it and costs the others.
 *
 * Requires a task that has items. Cost O(d + users · steps · width).
 *
 * Example, `strength` 1: one user u = (0, 2), target v = (1, 0), one step of η = 2, longest own row √5: u becomes (−1, 2), which is the row.
 */
export const aHum: Attack<'a-hum'> = {
  name: 'a-hum',
  summary: 'move the target towards random users that were made to dislike it',
  deed: 'moved the target towards users hard to win',
  options: {
    ...randomUsersOptions,
    steps: {
      kind: 'integer',
      summary: 'steps that make a user dislike the target',
      least: 0,
      most: 10_000,
      default: 30,
    },
    rate: { kind: 'number', summary: 'how far such a step goes', above: 0, most: 1e3, default: 0.001 },
  },
  paper: 'Rong, He, Chen: Poisoning Deep Learning Based Recommender Model in Federated Learning Scenarios, IJCAI 2022',
  ofItems: true,
  colludes: () => false,
  create: (options) => (context) =>
    pushForRandomUsers(context, options, (user, row, { factors }) => {
      for (let step = 0; step < (options.steps as number); step++) {
        const share = (options.rate as number) * (1 - missing(inner(user, row)))
        for (let at = 0; at < factors; at++) user[at]! -= share * row[at]!
      }
    }),
}
