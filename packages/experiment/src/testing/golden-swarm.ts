import { ModelledSwarm } from './modelled-swarm.ts'

/**
 * A fixed run with everything in it that chance decides: seven peers on a sparse graph whose links lose, double and
 * reorder, of which one crashes and starts again, and a partition that heals.
 */
export function goldenSwarm(): ModelledSwarm {
  const rounds = 4
  const swarm = new ModelledSwarm({
    peers: 7,
    tolerated: 2,
    seed: 20_261_122,
    rounds,
    connections: [0, 1, 2, 3, 4, 5, 6].flatMap((a) => [1, 2].map((step) => [a, (a + step) % 7] as const)),
    training: { medianMs: 60 },
    stepMs: 2,
    links: {
      latency: { uniform: [5, 45] },
      bytesPerSecond: 1_000_000,
      loss: 0.02,
      duplication: 0.02,
      reordering: 0.1,
    },
  })
  const { network } = swarm
  network.after(150, () => network.crash(3))
  network.after(700, () => network.restart(3))
  network.after(900, () => network.setReach((a, b) => a < 4 === b < 4))
  network.after(2_000, () => network.setReach(() => true))
  network.run(() => swarm.allCertified(rounds), 120_000)
  return swarm
}
