import type { RatingsPoison } from './poison.ts'
import { about, drawn, profileOptions, profiles } from './profile.ts'

/** How far from an item's mean such an account rates it. */
const near = 0.25

/** The average attack (Lam, Riedl: Shilling recommender systems for fun and profit, 2004). */
export const averageProfiles: RatingsPoison<'average-profiles'> = {
  name: 'average-profiles',
  task: 'ratings',
  summary: 'accounts that rate the target highest, and items at random about the mean of each',
  deed: 'hosted accounts with average profiles',
  options: profileOptions,
  accounts: (options, crowd, random) =>
    profiles(options, crowd, crowd.greatest, (count) =>
      drawn(count, crowd, random).map((item) => ({ item, rating: about(crowd.means[item]!, near, crowd, random) })),
    ),
}
