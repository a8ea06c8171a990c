// A topology and an attack on the protocol of one's own, for own-liars.yaml. What they are made of: docs/scenarios.md.
import { around, type ProtocolAttack, unanswering, unrelaying } from '@hearsay/adversary'
import type { Topology } from '@hearsay/scenario'

const whisper: ProtocolAttack = {
  name: 'whisper',
  summary: 'tell each word to a few peers, other ones in each round, and pass nothing on',
  deed: 'told each word to a few',
  options: { listeners: { kind: 'integer', summary: 'how many hear a word', least: 0, default: 2 } },
  sendsUpdates: () => true,
  create: ({ listeners }) => ({
    participant: ({ honest, coalition }) => {
      const others = coalition.halves.flat()
      const few = (round: number) =>
        others.map((_, i) => others[(round + i) % others.length]!).slice(0, Number(listeners))
      // An honest peer, whose words go to a few in place of all.
      const liar = around(honest(), (step) => ({
        ...step,
        sends: step.sends.map(({ envelope }) => ({ to: [...few(envelope.round), ...coalition.liars], envelope })),
      }))
      return unanswering(unrelaying(liar))
    },
  }),
}

const clusters: Topology = {
  name: 'clusters',
  summary: 'full clusters in a ring, each linked to the next by a few bridges',
  options: {
    clusters: { kind: 'integer', summary: 'how many', least: 2, default: 2 },
    bridges: { kind: 'integer', summary: 'connections from each to the next', least: 1, default: 2 },
  },
  connections(peers, { clusters, bridges }, random) {
    const count = Number(clusters)
    const groups = Array.from({ length: count }, (_, group) =>
      Array.from({ length: peers }, (_, peer) => peer).filter((peer) => peer % count === group),
    )
    const any = (group: readonly number[]) => group[Math.floor(random.uniform() * group.length)]!
    const inside = groups.flatMap((group) =>
      group.flatMap((a) => group.filter((b) => a < b).map((b): [number, number] => [a, b])),
    )
    const between = groups.flatMap((group, at) =>
      Array.from({ length: Number(bridges) }, (): [number, number] => [any(group), any(groups[(at + 1) % count]!)]),
    )
    return [...inside, ...between]
  },
}

export const protocolAttacks = [whisper]
export const topologies = [clusters]
