/** What counted in the last rounds of a ledger, from what is archived beside it. */
import type { RowShape, RuleSpec, SparseUpdate } from '@hearsay/aggregation'
import { nextModelOfRows, withstanding } from '@hearsay/peer'
import { type Digest, LedgerCheck } from '@hearsay/protocol'
import { Archive } from './archive.ts'
import { findLedgers, networkOf } from './find-ledgers.ts'
import { invalid } from './known-network.ts'
import { checkedCertificates } from './verify-ledger.ts'

/** A round whose updates are all there. */
export interface CountedRound {
  readonly round: number
  readonly rows: RowShape
  readonly members: readonly { readonly name: string; readonly update: SparseUpdate }[]
  /** By how much these move the model, all parameters; those for whom `silent` is true as if they had said nothing. */
  movement(silent?: (name: string) => boolean): Float32Array
}

/**
 * The last rounds whose updates are all archived, `count` at most and the newest first, of the first ledger at or below a path; and why
 * there are no more, if there are fewer. Throws PeerError `bad-file` when there is no ledger, its certificates are not sound, what is archived was
 * changed, or updates are of no rows.
 */
export function lastRounds(
  path: string,
  count: number,
): { readonly rounds: readonly CountedRound[]; readonly fewer?: string } {
  const [place] = findLedgers(path)
  const known = networkOf(place!)
  const { rows, network, names, rule } = known
  if (rows === undefined) throw invalid(path, 'updates of its network are not of rows')
  const check = new LedgerCheck(network)
  const archive = new Archive(place!.payloads)
  const last: (() => CountedRound | string)[] = []
  for (const { round, certificate, reason } of checkedCertificates(place!.path, known, check)) {
    if (certificate === undefined) throw invalid(place!.path, `broken in round ${round}: ${reason}`)
    const { members } = certificate.checkpoint
    const { quorums } = check
    last.push(() => {
      const updates: SparseUpdate[] = []
      for (const { peer, digest } of members) {
        const what = `the update of ${names[peer]} in round ${round}`
        const update = archive.ofRows(digest, rows, what)
        if (update === undefined) return `${what} is not archived`
        if (typeof update === 'string') throw invalid(place!.path, update)
        updates.push(update)
      }
      return countedRound({
        round,
        rows,
        members: members.map(({ peer, digest }, at) => ({ name: names[peer]!, update: updates[at]!, digest })),
        rule: withstanding(rule, network.quorums.tolerated - quorums.tolerated),
        weights: quorums.weightsOf(members.map(({ peer }) => peer)),
      })
    })
    if (last.length > count) last.shift()
  }
  const rounds: CountedRound[] = []
  for (const read of last.reverse()) {
    const counted = read()
    if (typeof counted === 'string') return { rounds, fewer: counted }
    rounds.push(counted)
  }
  return rounds.length < count ? { rounds, fewer: `its ledger has ${rounds.length} rounds` } : { rounds }
}

function countedRound({
  round,
  rows,
  members,
  rule,
  weights,
}: {
  readonly round: number
  readonly rows: RowShape
  readonly members: readonly { readonly name: string; readonly update: SparseUpdate; readonly digest: Digest }[]
  readonly rule: RuleSpec
  readonly weights: readonly number[] | undefined
}): CountedRound {
  const nothing: SparseUpdate = { rows: new Uint32Array(), values: new Float32Array() }
  const still = new Float32Array(rows.count * rows.width)
  const digests = members.map(({ digest }) => digest)
  return {
    round,
    rows,
    members,
    movement(silent = () => false) {
      const updates = members.map(({ name, update }) => (silent(name) ? nothing : update))
      return nextModelOfRows(rule, rows, updates, still, digests, weights)
    },
  }
}
