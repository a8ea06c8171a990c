import { meanOf } from './mean.ts'
import { placesOf, type RankingMeasure } from './ranking.ts'

/**
 * NDCG@K (Järvelin, Kekäläinen 2002), an item being relevant or not: the sum of 1 / log₂(place + 1) over relevant items among
 * the first K, divided by what it is at most.
 */
export const ndcg = (most: number): RankingMeasure => ({
  name: `ndcg${most}`,
  summary: `NDCG@${most}: how near the top relevant items are among the first ${most}, 1 for the best order`,
  better: 'higher',
  unit: '',
  digits: 3,
  of(rankings) {
    const some = rankings.filter(({ relevant }) => relevant.length > 0)
    return meanOf(
      some.map((ranking) => {
        const best = Array.from({ length: ranking.relevant.length }, (_, at) => at + 1)
        return gain(placesOf(ranking), most) / gain(best, most)
      }),
    )
  },
})

function gain(places: readonly number[], most: number): number {
  return places.filter((place) => place <= most).reduce((sum, place) => sum + 1 / Math.log2(place + 1), 0)
}
