import type { Attack } from './attack.ts'
import { pushForRandomUsers, randomUsersOptions } from './random-users.ts'

/**
 * A-ra: random users in place of those that nobody knows (Rong, He, Chen: Poisoning Deep Learning Based Recommender Model in
 * Federated Learning Scenarios, IJCAI 2022). It draws vectors u of normal numbers, and moves each target's row v as those
 * users would if they liked it: Σ (1 − σ(u · v)) u, of the loss −log σ(u · v). The rest is its own honest update.
 *
 * There the users are others in each round, and layers above the items learn too. Here they are the same for all liars and in
 * every round, else their wishes would cancel; and since they are short, the row is made as long as the longest of the liar's
 * own update, times `strength`.
 *
 * Options: `users`, `deviation`, `strength`.
 *
 * What it can do: move a target to where users happen to be. It knows nothing, so in matrix factorisation it shows the target
 * to those who lie in its direction, and to nobody else.
 *
 * Requires a task that has items. Cost O(d).
 *
 * Example, `strength` 1: one user whose vector comes to (3, 4), target at (0, 0), longest own row 10: the row is (6, 8).
 */
export const aRa: Attack<'a-ra'> = {
  name: 'a-ra',
  summary: 'move the target towards users that are made up at random',
  deed: 'moved the target towards random users',
  options: randomUsersOptions,
  paper: 'Rong, He, Chen: Poisoning Deep Learning Based Recommender Model in Federated Learning Scenarios, IJCAI 2022',
  ofItems: true,
  colludes: () => false,
  create: (options) => (context) => pushForRandomUsers(context, options),
}
