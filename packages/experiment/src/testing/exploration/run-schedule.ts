/**
 * Runs one schedule and judges it. Safety after every step of every peer:
 *
 * - no two honest peers certify different checkpoints of one round, and none halts;
 * - no honest peer is accused, by evidence or as the sender of what no honest peer sends, and evidence convinces a third
 *   party;
 * - no honest peer fills a slot of a round twice, however often it is started again;
 * - what else the agreement promises (checks.ts), and that nothing of what liars send makes a step fail.
 *
 * Then faults end, and within `patience` timeouts every honest peer must have certified every round.
 */
import { protocolAttacks } from '@hearsay/adversary'
import { type Event, mostTolerated, Quorums, type Step, verifyEvidence } from '@hearsay/protocol'
import { lastPhaseOf } from '@hearsay/protocol/testing/scheme'
import { askDeadlineMs, longest } from '@hearsay/virtual'
import { modelledLength } from '@hearsay/virtual/testing/modelled-vectors'
import { ModelledSwarm } from '../modelled-swarm.ts'
import { Slots } from '../slots.ts'
import { checksOf } from './checks.ts'
import { type Schedule, timing } from './schedule.ts'
import { sum } from './sum.ts'
import { swarmOptions } from './swarm-options.ts'

export interface Outcome {
  /** What went wrong first, if anything did. */
  readonly wrong: { readonly kind: 'safety' | 'liveness'; readonly what: string; readonly atMs: number } | undefined
  /** Timeouts from the end of faults until all was certified; 0 if it was before. */
  readonly timeouts: number
  readonly delivered: number
  /** Whether somebody lost its weight. */
  readonly evicted: boolean
  /** Whether vouches changed what somebody weighs. */
  readonly moved: boolean
}

export type Watch = (peer: number, step: Step, events: readonly Event[], nowMs: number) => void

/**
 * In timeouts of agreement, how long all honest peers may take for what is left once faults have ended. With δ the longest
 * delay of a message from then on, a step included:
 *
 * - Once: an ask that was lost before is given up after its deadline, and that neighbour is asked nothing until then.
 * - Once: what was lost comes by asks. Each neighbour is asked in its turn, liars too, who may not answer: n−1 asks; twice,
 *   since a peer that is far behind first learns where the others are; and for each of up to three hops where not all
 *   are linked. From then on nothing is lost.
 * - Each round: training, 8 δ for reliable broadcast, payloads, the first votes and checkpoints, and the grace time.
 * - Each round: agreement, by the argument in binary-agreement.ts. Timers outlast delays from phase p on, p > 3 and
 *   (p−2) timeouts ≥ 4 δ, of a phase begun since or of one that was reached before, which took its timers. Once the coordinators
 *   from then on weigh more than f, one was honest, and its phase or the next decides. Phase q takes two timers and 4 δ at most.
 * - Of a variant, each round: see `variantMs`.
 */
export function patience(schedule: Schedule): number {
  const { peers, rounds, healMs } = schedule
  const { graceMs, timeoutMs, askMs } = timing
  const delayMs = longestDelayOf(schedule)
  let reached = 3
  for (let tookMs = 0; tookMs <= healMs; reached++) tookMs += (reached - 1) * timeoutMs
  const phases = Math.max(...erasOf(schedule).map((quorums) => lastPhaseOf(quorums, delayMs, timeoutMs, reached)))
  const agreementMs = timeoutMs * phases * (phases - 1) + 4 * delayMs * phases
  const roundMs = longestTraining(schedule) + 8 * delayMs + graceMs + agreementMs + variantMs(schedule, delayMs)
  const hops = schedule.degree === undefined ? 1 : 3
  const asksMs = 2 * hops * (peers - 1) * (askMs + 2 * delayMs)
  return Math.ceil((givenUpMs(schedule) + asksMs + rounds * roundMs) / timeoutMs)
}

function longestTraining({ training, slow = [1] }: Schedule): number {
  return Math.max(...slow) * longest(training)
}

/**
 * What a round of a variant takes besides. In an agreed order: training on an older model is ended first, and vectors that the state
 * names are pulled. Each for itself: n gradients are n − f peers' two each, or more of them. With holes: an offer, its list, the chunks, receipts
 * and the grace time for those, and then each chunk of what was lost is pulled by itself.
 */
function variantMs(schedule: Schedule, delayMs: number): number {
  const { graceMs, askMs } = timing
  const trainingMs = longestTraining(schedule)
  switch (schedule.variant?.kind) {
    case 'ordered':
      return trainingMs + 8 * delayMs + askMs
    case 'each-for-itself':
      return 2 * trainingMs + 8 * delayMs + 2 * askMs
    case 'holes':
      return schedule.variant.chunkMs + graceMs + (8 + 8 * modelledLength) * delayMs + askMs
    default:
      return 0
  }
}

function longestDelayOf({ links, delayMs, stepMs, peers, liars }: Schedule): number {
  const late = liars.map(({ behaviour }) => (protocolAttacks.get(behaviour.behaviour)?.virtual ? behaviour.delayMs : 0))
  const sendingMs = links.bytesPerSecond === undefined ? 0 : (1000 * 4096 * peers) / links.bytesPerSecond
  return longest(links.latency) + Math.max(delayMs, ...late.map(Number)) + 2 * stepMs + sendingMs
}

function givenUpMs({ links, partitions, crashes }: Schedule): number {
  return links.loss > 0 || partitions.length > 0 || crashes.length > 0 ? askDeadlineMs : 0
}

/** Of the genesis; and where weights move, of those who do not lie at their least and of those who do at their most. */
function erasOf({ peers, tolerated, weights, vouching, liars }: Schedule): Quorums[] {
  if (weights === undefined) return [Quorums.equal(peers, tolerated)]
  const quorums = new Quorums(weights, tolerated)
  if (vouching === undefined) return [quorums]
  const gone = (peer: number): boolean => vouching.leaves.some((leaving) => leaving.peer === peer)
  const lies = (peer: number): boolean => liars.some((liar) => liar.peer === peer)
  const worst = vouching.least.map((least, peer) => (lies(peer) ? vouching.most[peer]! : gone(peer) ? 0 : least))
  return [quorums, new Quorums(worst, mostTolerated(sum(worst)))]
}

export function runSchedule(schedule: Schedule, watch?: Watch): Outcome {
  const { rounds, liars } = schedule
  let wrong: Outcome['wrong']
  const blame = (kind: 'safety' | 'liveness', what: string): void => {
    wrong ??= { kind, what, atMs: swarm.network.nowMs() }
  }
  const isHonest = (peer: number): boolean => !liars.some((liar) => liar.peer === peer)
  const certified = new Map<number, string>()
  const checks = checksOf(schedule)
  const certifies = schedule.variant?.kind !== 'each-for-itself'
  const said = schedule.crashes.length === 0 ? undefined : new Slots(schedule.peers)
  let evicted = false
  let moved = false
  let evidenceSeen = 0
  let faultsSeen = 0
  const swarm: ModelledSwarm = new ModelledSwarm({
    ...swarmOptions(schedule),
    onStep: (peer, step, events, nowMs) => {
      watch?.(peer, step, events, nowMs)
      if (!isHonest(peer)) return
      for (const check of checks) {
        const what = check.see?.(peer, step)
        if (what !== undefined) blame('safety', what)
      }
      for (const output of step.outputs) {
        if (output.kind === 'halted') blame('safety', `honest peer ${peer} halted`)
        if (output.kind !== 'round-ended' || output.certificate === undefined) continue
        const { digest, checkpoint } = output.certificate
        const out = checkpoint.out ?? []
        moved ||= checkpoint.standing?.weights.some((weight, at) => weight !== schedule.weights?.[at]) === true
        if (out.length > 0) evicted = true
        if (out.some(isHonest)) blame('safety', `honest peers are evicted, among ${out}`)
        if ((certified.get(checkpoint.round) ?? digest) !== digest)
          blame('safety', `two honest peers certified different checkpoints of round ${checkpoint.round}`)
        certified.set(checkpoint.round, digest)
      }
      for (const { envelope } of step.sends)
        if (said?.contradicts(envelope))
          blame('safety', `honest peer ${peer} said two things in one slot of round ${envelope.round}`)
      for (; evidenceSeen < swarm.evidence.length; evidenceSeen++) {
        const { culprits, bytes } = swarm.evidence[evidenceSeen]!
        if (culprits.some(isHonest)) blame('safety', `evidence against honest peers, among ${culprits}`)
        const verified = verifyEvidence(bytes, swarm.networks[peer]!)
        if (typeof verified === 'string') blame('safety', `evidence that does not convince: ${verified}`)
      }
      for (; faultsSeen < swarm.faults.length; faultsSeen++) {
        const fault = swarm.faults[faultsSeen]!
        if (isHonest(fault.peer)) blame('safety', `honest peer ${fault.peer} is blamed for ${fault.what}`)
      }
    },
  })
  misbehave(swarm, schedule, (peer) => {
    for (const check of checks) check.restarts?.(peer)
  })
  const heights = (): number[] => swarm.honest.map((peer) => (certifies ? swarm.height(peer) : swarm.over(peer)))
  const done = (): boolean => wrong !== undefined || heights().every((height) => height >= rounds)
  try {
    swarm.network.run(done, schedule.healMs)
    heal(swarm)
    swarm.network.run(done, schedule.healMs + patience(schedule) * timing.timeoutMs)
  } catch (error) {
    // Nothing that anybody sends makes a step fail.
    blame('safety', `a step failed: ${(error as Error).message}`)
  }
  for (const check of checks) {
    const what = check.end?.(swarm)
    if (what !== undefined) blame('safety', what)
  }
  if (!done()) blame('liveness', `honest peers have certified ${heights()} of ${rounds} rounds`)
  const tookMs = Math.max(0, swarm.network.nowMs() - schedule.healMs)
  const timeouts = Math.ceil(tookMs / timing.timeoutMs)
  return { wrong, timeouts, delivered: swarm.network.counters.delivered, evicted, moved }
}

/** Partitions and crashes, until faults end. */
function misbehave(
  swarm: ModelledSwarm,
  { partitions, crashes, liars, healMs }: Schedule,
  restarts: (peer: number) => void,
): void {
  const { network } = swarm
  const before = (atMs: number, run: () => void): void => {
    if (atMs < healMs) network.after(atMs, run)
  }
  for (const { fromMs, untilMs, side, bridges } of partitions) {
    const bridging = new Set(bridges ? liars.map(({ peer }) => peer) : [])
    const inside = new Set(side)
    before(fromMs, () =>
      network.setReach((a, b) => bridging.has(a) || bridging.has(b) || inside.has(a) === inside.has(b)),
    )
    before(untilMs, () => network.setReach(() => true))
  }
  for (const { peer, atMs, forMs, forgets } of crashes) {
    before(atMs, () => {
      network.crash(peer)
      restarts(peer)
      network.after(forMs, () => network.restart(peer, forgets))
    })
  }
}

function heal({ network, honest }: ModelledSwarm): void {
  network.repairLinks()
  network.setReach(() => true)
  for (const peer of honest) network.restart(peer)
}
