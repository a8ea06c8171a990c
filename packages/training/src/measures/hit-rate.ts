import { meanOf } from './mean.ts'
import { placesOf, type RankingMeasure } from './ranking.ts'

/** HR@K as in He et al. 2017: with one relevant item it is recall among the first K. */
export const hitRate = (most: number): RankingMeasure => ({
  name: `hitRate${most}`,
  summary: `HR@${most}: share of users who have something relevant among the first ${most} items`,
  better: 'higher',
  unit: '%',
  digits: 1,
  of(rankings) {
    const some = rankings.filter(({ relevant }) => relevant.length > 0)
    return meanOf(some.map((ranking) => (placesOf(ranking).some((place) => place <= most) ? 1 : 0)))
  },
})
