import type { RatingsPoison } from './poison.ts'
import { drawn, first, profileOptions, profiles } from './profile.ts'

/** The segment attack (Mobasher et al. 2007): half of a profile is what those who know the target have in common, rated highest. */
export const segment: RatingsPoison<'segment'> = {
  name: 'segment',
  task: 'ratings',
  summary: 'accounts that rate the target and what its users like highest, and items at random lowest',
  deed: 'hosted accounts of one segment',
  options: profileOptions,
  accounts(options, crowd, random) {
    const order = crowd.segment()
    return profiles(options, crowd, crowd.greatest, (count) => {
      const own = first(order, Math.ceil(count / 2), crowd)
      // Of likes alone, there is none that is low.
      const rest = crowd.feedback === 'implicit' ? [] : drawn(count - own.length, crowd, random, own)
      return [
        ...own.map((item) => ({ item, rating: crowd.greatest })),
        ...rest.map((item) => ({ item, rating: crowd.least })),
      ]
    })
  },
}
