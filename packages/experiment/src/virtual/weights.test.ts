/** Liars count by what they weigh, whatever their number. */
import { createAdversary } from '@hearsay/adversary'
import { inHalves, mostTolerated } from '@hearsay/protocol'
import { describe, expect, it } from 'vitest'
import { ModelledSwarm } from '../testing/modelled-swarm.ts'

const rounds = 2

/** Honest peers of these weights, and after them liars, who are the only link between halves of the honest ones if `apart`. */
function among(honest: readonly number[], lying: readonly number[], behaviour: string, apart = false): ModelledSwarm {
  const weights = [...honest, ...lying]
  const swarm = new ModelledSwarm({
    ...{ peers: weights.length, weights, seed: weights.length, rounds },
    tolerated: mostTolerated(weights.reduce((sum, weight) => sum + weight, 0)),
    liars: new Map(lying.map((_, at) => [honest.length + at, createAdversary({ behaviour }, at)])),
  })
  const [first] = inHalves([...honest.keys()], weights)
  const isBridge = (peer: number): boolean => peer >= honest.length
  if (apart) swarm.network.setReach((a, b) => isBridge(a) || isBridge(b) || first.includes(a) === first.includes(b))
  return swarm
}

/** Of W = 19 and F = 6: as many heads as one likes. */
const asMuchAsMayLie = [[6], [3, 3], [1, 1, 1, 1, 1, 1]]
const more = [[7], [4, 3], [3, 2, 2], [1, 1, 1, 1, 1, 1, 1]]

describe.each([
  ['of weight F', [4, 3, 3, 3], asMuchAsMayLie],
  ['of weight F + 1', [3, 3, 3, 3], more],
] as const)('liars %s', (_, honest, all) => {
  const isTolerated = all === asMuchAsMayLie

  it.each(all.map((lying) => ({ lying })))(
    `${isTolerated ? 'do not stop' : 'stop'} rounds by silence, as heads of $lying`,
    ({ lying }) => {
      const swarm = among(honest, lying, 'silent')
      swarm.network.run(() => swarm.allCertified(rounds), 20_000)
      expect(swarm.honest.map((peer) => swarm.height(peer))).toEqual(Array(4).fill(isTolerated ? rounds : 0))
      expect(swarm.evidence).toEqual([])
    },
  )

  it.each(all.map((lying) => ({ lying })))(
    `${isTolerated ? 'fork nothing' : 'fork the chain, and are named'}, as heads of $lying`,
    ({ lying }) => {
      const swarm = among(honest, lying, 'split-brain', true)
      swarm.network.run(() => swarm.allCertified(rounds), 20_000)
      expect(swarm.forks()).toBe(isTolerated ? 0 : rounds)
      swarm.network.setReach(() => true)
      swarm.network.run(() => swarm.halted.size === swarm.honest.length || swarm.allCertified(rounds + 1), 40_000)
      expect(swarm.culprits()).toEqual(isTolerated ? [] : lying.map((_, at) => 4 + at))
      expect(swarm.halted.size).toBe(isTolerated ? 0 : 4)
    },
  )
})

describe('a hundred heads that weigh F together', () => {
  const hundred = Array<number>(100).fill(1)

  it('stop nothing, and hold a round up by few phases', { timeout: 60_000 }, () => {
    const swarm = among([67, 67, 67], hundred, 'silent')
    swarm.network.run(() => swarm.allCertified(1), 20_000)
    expect(swarm.allCertified(1)).toBe(true)
    expect(swarm.network.nowMs()).toBeLessThan(5000)
  })
})

describe('as many heads as one likes that weigh F together', () => {
  // A hundred take long: pnpm explore --thresholds --heads 100 --seeds 1.
  it('fork nothing by two stories, and one head of weight F + 1 does', () => {
    const many = among([20, 20, 20], Array<number>(30).fill(1), 'split-brain', true)
    many.network.run(() => many.allCertified(1), 5000)
    expect(many.forks()).toBe(0)
    many.network.setReach(() => true)
    many.network.run(() => many.allCertified(1), 40_000)
    expect([many.allCertified(1), many.forks(), many.culprits()]).toEqual([true, 0, []])
    const alone = among([30, 15, 15], [31], 'split-brain', true)
    alone.network.run(() => alone.allCertified(1), 20_000)
    expect(alone.forks()).toBe(1)
  })
})

it('what passes only by those who weigh nothing, and so say nothing, is passed on', () => {
  const swarm = new ModelledSwarm({
    ...{ peers: 4, weights: [1, 1, 0, 1], tolerated: 0, seed: 4, rounds },
    connections: [
      [0, 2],
      [1, 2],
      [3, 2],
    ],
  })
  swarm.network.run(() => swarm.allCertified(rounds), 20_000)
  expect(swarm.honest.map((peer) => swarm.height(peer))).toEqual([rounds, rounds, rounds, rounds])
})
