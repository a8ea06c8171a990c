import type { RatingsPoison } from './poison.ts'
import { against, first, profileOptions } from './profile.ts'

/** The popular attack turned round: what is popular stays above the target. */
export const nuke: RatingsPoison<'nuke'> = {
  name: 'nuke',
  task: 'ratings',
  summary: 'accounts that rate the target lowest, and the most popular items highest',
  deed: 'hosted accounts against the target',
  options: profileOptions,
  accounts: (options, crowd) =>
    against(options, crowd, (count) =>
      first(crowd.popular, count, crowd).map((item) => ({ item, rating: crowd.greatest })),
    ),
}
