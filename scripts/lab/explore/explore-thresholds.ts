/** That one third of the weight is the border, whatever the number of heads: both sides of it, many times. */
import { breaks, sweepThreshold } from '@hearsay/experiment/testing/exploration/index'

/** False if a run ended otherwise than its weights say. `many` is how many heads lie; a few of each seed when left out. */
export function exploreThresholds(from: number, seeds: number, json: boolean, many?: number): boolean {
  const all = Array.from({ length: seeds }, (_, at) => from + at)
  const sweeps = (Object.keys(breaks) as (keyof typeof breaks)[]).flatMap((behaviour) =>
    [false, true].map((tooMuch) => sweepThreshold(all, behaviour, tooMuch, many)),
  )
  if (json) console.log(JSON.stringify({ from, sweeps }, undefined, 2))
  else
    for (const { behaviour, tooMuch, runs, heads, manyHeads, broken, unexpected } of sweeps) {
      const counts = Object.keys(heads).map(Number)
      const most = Math.max(...counts)
      console.log(
        `${behaviour} liars of weight F${tooMuch ? ' + 1' : ''}, ${Math.min(...counts)} to ${most} heads, a third of all heads or more in ` +
          `${manyHeads}: ${breaks[behaviour]} broke in ${broken} of ${runs} runs`,
      )
      if (unexpected.length > 0) console.log(`  otherwise than weight says: seeds ${unexpected}`)
    }
  return sweeps.every(({ unexpected }) => unexpected.length === 0)
}
