/**
 * Eras: who counts in which round. A network may evict those who are proven to lie (`evictEvery` of exact agreement). In every
 * so manieth round r peers agree, besides on the set of updates, on who of them is out: one binary agreement for each, with
 * the input "stays", or "is out" of a peer that holds evidence against it (common-subset.ts). The checkpoint of r has all who
 * are out by then, and so has every one after it. From round r+2 on they weigh nothing: the quorums of a round follow from
 * the checkpoint two before it, and from nothing else.
 *
 * Nobody is evicted without evidence: a bit that is decided was the input of an honest peer. Who is proven to lie before a
 * round to all honest peers is out by it, as then all have the same input.
 *
 * Why W' > 3F' afterwards: who is out lies, and weighs w ≤ F together (more is not taken out: `mayBeOut`), so of W − w that are
 * left F − w may lie, and W − w > 3(F − w). W' − F' = W − F: a set of updates is never smaller than before.
 *
 * Safety across eras, with at most F liars by weight of the genesis:
 * 1. A peer counts a word of round r by the quorums of r, and knows these when it has the chain up to r−2. It takes part in r
 *    only with the chain up to r−1. So two peers that certify r on one checkpoint count alike, and the argument for one
 *    round holds in r: two quorums of r share more than F', hence an honest peer.
 * 2. Two chains that differ in the quorums of r differ in a checkpoint up to r−2, and fork in the first round in which
 *    they differ; the quorums of that round are the same in both. By 1 that does not happen.
 * 3. So quorums of neighbouring eras need share nobody, and no word of one era is counted in another: each names the
 *    checkpoint that it builds on. What they do share is more than enough to find the next era: the honest peers, W − F, are
 *    in all of them, so a peer that is behind learns the new quorums from the certificates that it lacks, one after the other.
 * 4. Who is out could still sign for rounds before. Together with other liars it weighs no more than F there, now as then.
 *
 * Liveness: rounds r+1 and before go on without the new quorums, which are known to all who take part when r is certified; so
 * nobody waits for an era. Another agreement for each peer costs votes, in the same envelopes, and no delay while nobody is
 * evicted, since "stays" is decided in phase 1.
 */
import { backTo } from '../pauses/back.ts'
import { neededOf, type PauseRecord, recordAfter, recordAtFirst, takenIn } from '../pauses/record.ts'
import type { Position } from '../roster/position.ts'
import type { Quorums } from '../roster/quorums.ts'
import type { Digest } from '../words/digest.ts'
import type { Member } from '../words/member.ts'
import type { Network } from '../words/network.ts'
import { foundingOf, isSame, quorumsOf, type Standing, standingAfter } from './standing.ts'

/** So many rounds after a checkpoint quorums follow it. */
export const eraDelay = 2

/** All that has changed since the genesis, by the end of a round. */
export interface Changes {
  /** Who is proven to lie and has lost its weight, sorted. */
  readonly out?: readonly Position[]
  /** Where weights follow vouches (standing.ts). */
  readonly standing?: Standing
  /** Where pauses count (pauses/record.ts). */
  readonly pauses?: PauseRecord
}

/** Before the first round. */
export function changesAtFirst(network: Network): Changes {
  const standing = foundingOf(network)
  const pauses = recordAtFirst(network)
  return { ...(standing && { standing }), ...(pauses && { pauses }) }
}

/** Whether in this round it is agreed on who is out. */
export function evictsIn(round: number, { agreement: { evictEvery } }: Network): boolean {
  return evictEvery !== undefined && round % evictEvery === 0
}

/** Whether these may be out together: of a network that evicts, peers of the roster that weigh no more than F. */
export function mayBeOut(
  peers: readonly Position[],
  { agreement, quorums, trust }: Pick<Network, 'agreement' | 'quorums' | 'trust'>,
): boolean {
  if (peers.length === 0) return true
  if (agreement.evictEvery === undefined) return false
  // F is the most that is left, then, whoever is out.
  if (trust !== undefined) return peers.every((peer) => peer < quorums.peers)
  return peers.every((peer) => quorums.weight(peer) > 0) && quorums.weigh(peers) <= quorums.tolerated
}

/** Those who were out, and of those who are to be, in order, as many as may be. */
export function outAfter(before: readonly Position[], evicted: readonly Position[], network: Network): Position[] {
  const out = [...before]
  for (const peer of evicted) if (!out.includes(peer) && mayBeOut([...out, peer], network)) out.push(peer)
  return out.sort((a, b) => a - b)
}

interface Changed extends Changes {
  readonly round: number
  readonly members: readonly Member[]
  readonly model: Digest
}

/** What a round begins with, as far as who only reads the chain knows it. */
interface Beginning {
  readonly before: Changes
  /** The model; undefined in the first round. */
  readonly model: Digest | undefined
  readonly quorums: Quorums
  /** What a round before ended with, where pauses count. */
  modelOf(round: number): Digest | undefined
}

/** What is wrong with what a checkpoint says has changed. */
export function wrongChange(checkpoint: Changed, beginning: Beginning, network: Network): string | undefined {
  const { before } = beginning
  const { round, members, out = [], standing } = checkpoint
  const outBefore = before.out ?? []
  if (outBefore.some((peer) => !out.includes(peer))) return 'a certificate that takes back who was out'
  if (out.length > outBefore.length && !evictsIn(round, network))
    return 'a certificate that evicts in a round that does not'
  if (!isSame(standing, standingAfter(round, before.standing, { members, out }, network)))
    return 'a certificate of other weights than its vouches give'
  return wrongPauses(checkpoint, beginning, network)
}

function wrongPauses(checkpoint: Changed, beginning: Beginning, network: Network): string | undefined {
  const { round, members, model, pauses } = checkpoint
  const { before, quorums, modelOf } = beginning
  if (before.pauses === undefined) return undefined
  if (members.some((member) => neededOf(member, round, before.pauses, { network, modelOf }) === 'never'))
    return 'a certificate that counts a pause beyond its budget, or one that asks for a round that had not ended'
  const onto = beginning.model ?? pauses?.onto ?? ''
  const due = recordAfter({ round, members, model: onto }, before.pauses, { quorums, network })
  if (JSON.stringify(due) !== JSON.stringify(pauses)) return 'a certificate of other pauses than its set has'
  const back = backTo(members, quorums)
  if (back !== undefined)
    return model === modelOf(back) ? undefined : `a certificate of another model than round ${back} ended with`
  const stays = takenIn(members, before.pauses, { quorums, network }).length === 0
  if (stays && beginning.model !== undefined && model !== beginning.model)
    return 'a certificate of another model in a round that is not learnt from'
  return undefined
}

/** By which words count from the second round after one that ends with these changes. */
export function quorumsAfter({ out = [], standing }: Changes, { quorums }: Network): Quorums {
  return standing === undefined ? quorums.without(out) : quorumsOf(standing)
}

/** The quorums of each round of one chain. */
export class Eras {
  readonly #network: Network
  readonly #after: (round: number) => Changes
  #key = ''
  #quorums: Quorums

  /** `after` gives what had changed by the end of a round, from 1 on. */
  constructor(network: Network, after: (round: number) => Changes) {
    this.#network = network
    this.#after = after
    this.#quorums = network.quorums
  }

  of(round: number): Quorums {
    const { agreement, quorums, trust } = this.#network
    if ((agreement.evictEvery === undefined && trust === undefined) || round <= eraDelay) return quorums
    const changes = this.#after(round - eraDelay)
    const key = (changes.standing?.weights ?? changes.out ?? []).join()
    if (key !== this.#key) {
      this.#key = key
      this.#quorums = quorumsAfter(changes, this.#network)
    }
    return this.#quorums
  }
}
