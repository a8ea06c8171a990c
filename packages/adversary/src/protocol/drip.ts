import { type Position, type Quorums, sealEnvelopes } from '@hearsay/protocol'
import { around, unanswering } from './around.ts'
import type { ProtocolAttack } from './attack.ts'

/**
 * Serves by drips: what it holds it gives at once to f+1 honest peers, others for each payload, so that its update is
 * delivered and decided in; to the rest it gives each chunk as late as it likes. It keeps its CHECKPOINT to itself, so that
 * the others need those of all who wait for it.
 *
 * At most f of them: f+1 honest peers hold the update and say so. Whoever waits asks them once the liar has had twice the
 * time that a payload usually takes, and at once when it was slow lately; so a round costs about that time and one hop
 * more, whatever the drips are. With `to: all` nobody holds it, and it is left out after the grace time as if withheld.
 *
 * More than f: their checkpoints are missed, and no round is certified.
 *
 * Evidence: none. An honest peer on a slow link looks the same.
 */
export const drip: ProtocolAttack<'drip'> = {
  name: 'drip',
  summary: 'serve payloads by drips to all but a few, and keep the checkpoint to itself',
  deed: 'served by drips',
  options: {
    to: {
      kind: 'choice',
      summary: 'who is served by drips: all honest peers but f+1, or all',
      values: ['rest', 'all'],
      default: 'rest',
    },
    chunkMs: {
      kind: 'integer',
      summary: 'how late each chunk of 512 KiB comes, in ms',
      least: 1,
      most: 3_600_000,
      default: 9500,
    },
  },
  sendsUpdates: () => true,
  create: ({ to: whom, chunkMs }) => {
    let liars: readonly Position[] = []
    let honest: readonly Position[] = []
    let quorums: Quorums | undefined
    return {
      serveDelayMs: (digest, to) => {
        if (liars.includes(to)) return 0
        const first = Number.parseInt(digest.slice(0, 8), 16) % honest.length
        const place = (honest.indexOf(to) - first + honest.length) % honest.length
        const before = Array.from({ length: place }, (_, at) => honest[(first + at) % honest.length]!)
        const isServed = whom !== 'all' && !quorums!.amplify(quorums!.weigh(before))
        return isServed ? 0 : (chunkMs as number)
      },
      participant: ({ honest: honestPeer, coalition, network }) => {
        liars = coalition.liars
        honest = coalition.halves.flat()
        quorums = network.quorums
        const inner = around(honestPeer(), (step) => ({
          ...step,
          sends: step.sends.flatMap((send) => {
            const { author, round, previous, statements: all } = send.envelope
            const statements = all.filter(({ kind }) => kind !== 'checkpoint')
            if (statements.length === all.length) return [send]
            return sealEnvelopes({ author, round, previous, statements }, network).map((envelope) => ({
              ...send,
              envelope,
            }))
          }),
        }))
        return unanswering(inner)
      },
    }
  },
}
