import type { RatingsPoison } from './poison.ts'
import { first, profileOptions, profiles } from './profile.ts'

/** The popular attack: who likes what everybody likes is like everybody. */
export const popularProfiles: RatingsPoison<'popular-profiles'> = {
  name: 'popular-profiles',
  task: 'ratings',
  summary: 'accounts that rate the target and the most popular items highest',
  deed: 'hosted accounts that like what is popular',
  options: profileOptions,
  accounts: (options, crowd) =>
    profiles(options, crowd, crowd.greatest, (count) =>
      first(crowd.popular, count, crowd).map((item) => ({ item, rating: crowd.greatest })),
    ),
}
