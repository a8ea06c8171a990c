import type { RatingsPoison } from './poison.ts'
import { against, drawn, profileOptions } from './profile.ts'

/** The love/hate attack (Mobasher et al. 2007). */
export const loveHate: RatingsPoison<'love-hate'> = {
  name: 'love-hate',
  task: 'ratings',
  summary: 'accounts that rate the target lowest, and items at random highest',
  deed: 'hosted accounts that hate the target',
  options: profileOptions,
  accounts: (options, crowd, random) =>
    against(options, crowd, (count) => drawn(count, crowd, random).map((item) => ({ item, rating: crowd.greatest }))),
}
