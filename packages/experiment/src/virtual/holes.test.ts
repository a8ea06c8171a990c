/** Exact agreement where chunks are lost, on the virtual network: who receives them may be no neighbour of their author, or lose them again. */
import type { Adversary } from '@hearsay/adversary'
import { type Step, wrap } from '@hearsay/protocol'
import { expect, it } from 'vitest'
import { ModelledSwarm, type ModelledSwarmOptions } from '../testing/modelled-swarm.ts'

const chunkMs = 50

function swarmOf(options: Partial<ModelledSwarmOptions>): ModelledSwarm {
  return new ModelledSwarm({
    ...{ peers: 4, tolerated: 1, seed: 1, rounds: 2, training: { ms: 20 }, links: { latency: { ms: 10 } } },
    chunked: { chunkMs, arrives: (_round, _author, _receiver, chunks) => new Uint8Array(chunks).fill(1) },
    ...options,
  })
}

function expectCertified(swarm: ModelledSwarm, rounds: number): void {
  swarm.network.run(() => swarm.allCertified(rounds), 60_000)
  expect(swarm.honest.map((peer) => swarm.height(peer))).toEqual(swarm.honest.map(() => rounds))
  expect([swarm.forks(), swarm.halted.size, swarm.faults.length]).toEqual([0, 0, 0])
}

it('goes on where not all are neighbours: others have the list of an offer', () => {
  const peers = 7
  const ring = Array.from({ length: peers }, (_, a) =>
    [1, 2].map((far): [number, number] => [a, (a + far) % peers]),
  ).flat()
  expectCertified(swarmOf({ peers, tolerated: 1, connections: ring }), 2)
})

/** It makes no update, says that it holds what it received, and serves nothing. */
const hoarding: Adversary = {
  serves: () => false,
  participant: ({ honest }) => {
    const inner = honest()
    const without = ({ sends, ...step }: Step): Step => ({
      ...step,
      sends: sends.filter(({ envelope }) => !envelope.statements.some(({ kind }) => kind === 'init')),
    })
    return wrap(inner, { handle: (events, nowMs) => without(inner.handle(events, nowMs)) })
  },
}

it('goes on when the only honest peer that said it holds a chunk has lost it in a crash, and again: its author has it', () => {
  let crashed = false
  const arrives = (_round: number, author: number, receiver: number, chunks: number): Uint8Array =>
    Uint8Array.from({ length: chunks }, (_, chunk) =>
      author === 1 && chunk === 0 && (receiver === 3 || crashed) ? 0 : 1,
    )
  let received = false
  const swarm = swarmOf({
    rounds: 1,
    liars: new Map([[0, hoarding]]),
    chunked: { chunkMs, arrives },
    onStep: (peer, { sends }) => {
      if (peer !== 2) return
      received ||= sends.some(({ envelope }) =>
        envelope.statements.some(
          ({ kind, ...said }) => kind === 'echo' && 'stage' in said && 'sender' in said && said.sender === 1,
        ),
      )
    },
  })
  swarm.network.run(() => received, 10_000)
  expect(received).toBe(true)
  // What it said is on its way.
  swarm.network.run(() => false, swarm.network.nowMs() + 15)
  expect(swarm.certified[2]).toEqual([])
  crashed = true
  swarm.network.crash(2)
  swarm.network.restart(2)
  expectCertified(swarm, 1)
})
