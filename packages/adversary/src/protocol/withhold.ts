import type { ProtocolAttack } from './attack.ts'

/**
 * Announces an update and gives its payload to its coalition, and to few honest peers or none. All else that it says is
 * honest: what its coalition withholds it echoes.
 *
 * At most f of them: an honest peer echoes only what it holds, and f echoes are no quorum, so an update that nobody gets is
 * never delivered, and the round is certified without it after the grace time. One that is delivered is held by at least
 * f+1 honest peers, from whom everybody pulls it: nobody ever waits for a liar's payload.
 *
 * More than f: withheld from all, fewer than n−f updates are delivered, and no round is certified. Held by few, it is
 * delivered as soon as these and the liars are an echo quorum, and pulled from those few.
 *
 * Evidence: none. That a payload cannot be had is no statement of anybody.
 */
export const withhold: ProtocolAttack<'withhold'> = {
  name: 'withhold',
  summary: 'announce an update and give its payload to few or none',
  deed: 'withheld the updates that they announced',
  options: {
    servesTo: { kind: 'integer', summary: 'honest peers that get it', least: 0, most: 10_000, default: 0 },
  },
  sendsUpdates: () => true,
  create: ({ servesTo }) => {
    let served: readonly number[] = []
    return {
      serves: (_digest, to) => served.includes(to),
      participant: ({ honest, coalition }) => {
        served = [...coalition.liars, ...coalition.halves.flat().slice(0, servesTo as number)]
        return honest()
      },
    }
  },
}
