import { expect, test } from 'vitest'
import { Quorums } from '../../roster/quorums.ts'
import { Peer } from '../../shell/peer.ts'
import { digest, networksBy, sealed } from '../../testing/network.ts'
import { encodeAnswer } from '../../words/ask.ts'
import { encodeModelRound } from '../../words/order.ts'
import type { Statement } from '../../words/statements.ts'
import { announcedOf } from '../../words/vouches.ts'
import { ordered } from './ordered.ts'
import type { Filters } from './settings.ts'

const filters: Filters = {
  lipschitz: 'usual',
  memory: 1,
  frequency: 'strict',
  dampening: 'inverse',
  alpha: 0.2,
  escape: false,
}
const networks = networksBy(
  Quorums.equal(4, 1),
  digest('genesis'),
  ordered({ filters, remembered: 8, bootstrap: 0, step: 1 }),
)
const timing = { graceMs: 10, timeoutMs: 10, askMs: 10 }
const value = announcedOf({ digest: digest('gradient'), behind: encodeModelRound(0) })

function peerOf(memory: 'whole' | 'lost' = 'whole'): Peer {
  return new Peer({ network: networks[0]!, self: 0, initial: digest('model'), timing, memory })
}

test.each<Statement>([
  { kind: 'init', stage: 1, digest: value },
  { kind: 'init', stage: 4_000_000_000, digest: value },
  { kind: 'echo', stage: 0, sender: 0, digest: value },
  { kind: 'ready', stage: 4_000_000_000, sender: 0, digest: '' },
])('there are no stages, each of which would be slots of its own: $kind of $stage', (statement) => {
  const peer = peerOf()
  peer.handle([{ kind: 'start' }], 0)
  expect(peer.open(sealed(networks, 1, [{ kind: 'init', digest: value }]).bytes).verdict).toBe('accept')
  expect(peer.open(sealed(networks, 1, [statement]).bytes)).toMatchObject({
    verdict: 'reject',
    reason: /another agreement/,
  })
})

test('a network whose peers wait for each other, since they forgot what they said, begins again, and each says its gradient', () => {
  const peer = peerOf('lost')
  const start = peer.handle(
    [{ kind: 'start' }, ...[1, 2, 3].map((other) => ({ kind: 'neighbour' as const, peer: other }))],
    0,
  )
  const [train] = start.work
  peer.handle([{ kind: 'done', id: train!.id, result: { kind: 'trained', digest: digest('gradient') } }], 1)
  // Another of its words is about: it is silent.
  const unknown = sealed(networks, 0, [{ kind: 'echo', sender: 1, digest: value }])
  const answers = [1, 2, 3].map((from) => ({
    kind: 'answer' as const,
    from,
    bytes: encodeAnswer([], [unknown], networks[0]!, 1),
  }))
  const silent = peer.handle(answers, 2)
  expect(silent.outputs).toContainEqual(expect.objectContaining({ kind: 'vigil', state: 'silent' }))
  const said: Statement[] = []
  let timers = silent.timers.concat(start.timers)
  for (let nowMs = 10; said.length === 0 && nowMs < 10_000; nowMs += 10) {
    const due = timers.filter(({ atMs }) => atMs <= nowMs)
    timers = timers.filter(({ atMs }) => atMs > nowMs)
    const asked = due.map(({ id }) => ({ kind: 'timer' as const, id }))
    const step = peer.handle([...asked, ...answers], nowMs)
    timers.push(...step.timers)
    said.push(...step.sends.flatMap(({ envelope }) => envelope.statements))
  }
  expect(said).toContainEqual({ kind: 'init', digest: value })
})
