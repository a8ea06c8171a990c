import type { RatingsPoison } from './poison.ts'
import { about, drawn, profileOptions, profiles } from './profile.ts'

/** The random attack (Lam, Riedl: Shilling recommender systems for fun and profit, 2004). */
export const randomProfiles: RatingsPoison<'random-profiles'> = {
  name: 'random-profiles',
  task: 'ratings',
  summary: 'accounts that rate the target highest, and items at random about the mean of all ratings',
  deed: 'hosted accounts with random profiles',
  options: profileOptions,
  accounts: (options, crowd, random) =>
    profiles(options, crowd, crowd.greatest, (count) =>
      drawn(count, crowd, random).map((item) => ({ item, rating: about(crowd.mean, crowd.deviation, crowd, random) })),
    ),
}
