import type { RatingsPoison } from './poison.ts'
import { about, drawn, first, profileOptions, profiles } from './profile.ts'

/** The share of a profile that is popular, and the share of items that count as popular, as in FedRecAttack's comparison. */
const tenth = 0.1

/** The bandwagon attack (Mobasher et al.: Toward trustworthy recommender systems, 2007). */
export const bandwagon: RatingsPoison<'bandwagon'> = {
  name: 'bandwagon',
  task: 'ratings',
  summary: 'accounts that rate the target and a tenth of popular items highest, and items at random about the mean',
  deed: 'hosted accounts on the bandwagon of popular items',
  options: profileOptions,
  accounts: (options, crowd, random) =>
    profiles(options, crowd, crowd.greatest, (count) => {
      const well = Math.round(tenth * count)
      const top = new Set(first(crowd.popular, Math.max(well, Math.ceil(tenth * crowd.popular.length)), crowd))
      const known = drawn(crowd.popular.length, crowd, random)
        .filter((item) => top.has(item))
        .slice(0, well)
      return [
        ...known.map((item) => ({ item, rating: crowd.greatest })),
        ...drawn(count - known.length, crowd, random, known).map((item) => ({
          item,
          rating: about(crowd.mean, crowd.deviation, crowd, random),
        })),
      ]
    }),
}
