/**
 * Who takes part in a cell: honest peers, and adversaries around those that lie. The same for every network that they
 * run on.
 */
import { type Adversary, type Coalition, createAdversary, createCoalition } from '@hearsay/adversary'
import type { RowShape } from '@hearsay/aggregation'
import { sortedTrust, trustTermsOf, type WrittenTrust } from '@hearsay/ledger'
import {
  type Clock,
  canonical,
  composePeer,
  type Driver,
  FoundedCharter,
  MomentumInMemory,
  type MomentumMemory,
  type Pausing,
  type PeerParts,
  withMomentum,
  withstanding,
} from '@hearsay/peer'
import {
  type AgreementKind,
  agreementOf,
  agreements,
  type Digest,
  digestOfVector,
  fewestUpdates,
  fullWeight,
  type Kept,
  type Keys,
  type Network,
  type Position,
  type Said,
  timingOf,
} from '@hearsay/protocol'
import {
  endOfRounds,
  type LyingGroup,
  maliciousCount,
  maliciousPeers,
  methodOf,
  type Parameters,
  partitionGroups,
  partitionsOf,
  pausesOf,
  poisonOf,
  standingAtFirst,
  wishesOf,
} from '@hearsay/scenario'
import type { Items, PoisonSpec } from '@hearsay/training/schema'
import { type Boundary, keptOf } from './boundary.ts'
import { HonestUpdates } from './honest-updates.ts'
import { adversarySeed, coalitionSeed, type Member } from './identities.ts'
import { type Alter, altering, lying, type Settle } from './lying.ts'
import type { ScenarioIndex } from './scenario-index.ts'

/** Liars wait for slow honest peers this part of the time after which a cell counts as stalled. */
const patience = 1 / 4
/** After so long without news a peer asks a neighbour. */
const askMs = 500

export interface ParticipantsOptions {
  readonly parameters: Parameters
  readonly charter: FoundedCharter
  readonly seed: number
  /** In the order of the roster. */
  readonly members: readonly Member[]
  /** Digest of the model that everybody begins with. */
  readonly initial: Digest
  /** Where the model has rows, their width; and what is known of the items that they are about. */
  readonly rows?: RowShape | undefined
  readonly items?: Items | undefined
  readonly keysOf: (position: Position) => Keys
  readonly clock: Clock
  /** Threads for what liars compute, see `Coalition`. */
  readonly threads?: Coalition['threads']
  /** Told when a liar begins to wait for honest updates, and when it goes on. */
  readonly onWaiting?: (change: 1 | -1) => void
  /** Envelopes that any peer of this process has opened, where all are handed the same bytes. */
  readonly opened?: Network['opened']
  /** Where the peers begin, but at the genesis; and the last round that they train in, but the last of all. */
  readonly from?: Boundary | undefined
  readonly until?: number | undefined
}

/** One peer's place in the roster. */
export interface Seat {
  readonly member: Member
  readonly position: Position
  readonly network: Network<AgreementKind>
  readonly lies: boolean
  /** How the data of this peer are poisoned, if they are. */
  readonly poison: PoisonSpec | undefined
  /** Whether anything depends on what it trains: not where its attack makes whole vectors of those of others. */
  readonly trains: boolean
  /** What it sent last, where it sends momentum. */
  readonly momentum: MomentumMemory
  /** How late messages between honest peers should be: asked of those who lie. */
  readonly powers: Pick<Adversary, 'delay' | 'delayAnswer'>
  /** The peer in this seat, each call anew; what it knows and how it trains is as if it were honest. */
  compose(ports: Ports): Driver
}

/** What a seat is given of the network that it is in. */
export interface Ports
  extends Pick<PeerParts, 'carrier' | 'clock' | 'vectors' | 'trainer' | 'watch'>,
    Partial<Pick<PeerParts, 'store' | 'stepMs' | 'onStep'>> {
  readonly kept?: Kept | undefined
  /** How whoever attacks updates waits for others. */
  readonly settle: Settle
}

/** The seats of a cell, in the order of the roster. */
export function createSeats(options: ParticipantsOptions): Seat[] {
  const { parameters, members } = options
  const malicious = maliciousPeers(parameters)
  const positionOf = (index: ScenarioIndex): Position => members.findIndex((member) => member.index === index)
  const [first, second] = halvesOf(parameters)
  const coalition: Coalition = {
    ...createCoalition(members.length, [...malicious.keys()].map(positionOf), coalitionSeed(options.seed)),
    halves: [first.map(positionOf), second.map(positionOf)],
    threads: options.threads,
  }
  const updates = new HonestUpdates({
    peers: [...members.keys()].filter((position) => !malicious.has(members[position]!.index)),
    patienceMs: patience * parameters.stallMs,
    clock: options.clock,
    onWaiting: options.onWaiting,
  })
  return members.map((_, position) => createSeat(options, position, coalition, updates))
}

function createSeat(
  options: ParticipantsOptions,
  position: Position,
  coalition: Coalition,
  updates: HonestUpdates,
): Seat {
  const { parameters, charter, members, initial, seed, from, until = parameters.rounds } = options
  const member = members[position]!
  const ids = members.map(({ id }) => id)
  const network = charter.network(options.keysOf(position), options.opened)
  const group = maliciousPeers(parameters).get(member.index)
  const poison = group && poisonOf(group)
  const adversary = group && !poison ? adversaryOf(group, adversarySeed(member.index, seed)) : undefined
  const alter = alterOf({ ...options, position, coalition, updates }, adversary)
  const pauseIn = pausesOf(parameters.pauses, member.index, options.seed)
  const lies = group !== undefined
  const told = (round: number, model: Float32Array): void =>
    updates.add(position, { round, model: digestOfVector(model) })
  // Beyond one life, as what is stored.
  const momentum = new MomentumInMemory()
  const trains = adversary?.ignoresOwn !== true || options.rows !== undefined
  const sentLast = from?.momenta[position]
  if (sentLast !== undefined) momentum.keep(from!.executed?.[position] ?? from!.round, sentLast)
  return {
    member,
    position,
    network,
    lies,
    poison,
    trains,
    momentum,
    powers: adversary ?? {},
    compose: ({ settle, kept, ...ports }) => {
      const share = trains ? parameters.learning.workerMomentum : undefined
      const trainer = withMomentum(ports.trainer, share, momentum)
      const parts: PeerParts = {
        ...ports,
        network,
        ids,
        self: position,
        initial,
        timing: timingOf(parameters.agreement, askMs),
        rounds: until,
        vouches: vouchesOf(parameters, members, member),
        ...(pauseIn && { pausing: pausingOf(pauseIn, lies ? undefined : told) }),
        culprits: from?.proven[position] ?? [],
        kept: { ...keptOf(from, network, position), ...kept, memory: lies ? 'heedless' : 'whole' },
        trainer: alter ? altering(trainer, alter, settle) : trainer,
      }
      return composePeer(lies ? lying(parts, adversary ?? {}, coalition) : parts)
    },
  }
}

/** Liars know of a round in which an honest peer makes nothing. */
function pausingOf(
  pauseIn: NonNullable<ReturnType<typeof pausesOf>>,
  told: ((round: number, model: Float32Array) => void) | undefined,
): Pausing {
  return {
    isPaused: (round, model) => {
      const pauses = pauseIn(round, model) !== undefined
      if (pauses) told?.(round, model)
      return pauses
    },
    backTo: (round, model) => pauseIn(round, model)?.backTo,
  }
}

/** What this peer wishes to say of others, by position. */
function vouchesOf(
  parameters: Parameters,
  members: readonly Member[],
  { index }: Member,
): ((round: number) => readonly Said[]) | undefined {
  const wishes = wishesOf(parameters)
  if (wishes === undefined) return undefined
  const positions = new Map(members.map((member, position) => [member.index, position]))
  return (round) => wishes(index, round).map(({ to, weight }) => ({ to: positions.get(to as ScenarioIndex)!, weight }))
}

/** How weights follow vouches in a cell, as a genesis has it; they do not unless it says how often. */
function writtenTrust(parameters: Parameters, members: readonly Member[]): WrittenTrust | undefined {
  const { trust, peers } = parameters
  if (trust?.every === undefined) return undefined
  const { every, floor, scale, preTrusted } = trust
  const ids = new Map<number, string>(members.map(({ index, id }) => [index, id]))
  const liars = maliciousCount(parameters)
  const vouches = new Map<string, readonly [string, string, number]>()
  for (const { from, to, weight } of standingAtFirst(trust, peers - liars, liars))
    vouches.set(`${from} ${to}`, [ids.get(from)!, ids.get(to)!, weight / fullWeight])
  return sortedTrust({
    ...methodOf(trust),
    ...{ every, floor, ...(scale !== undefined && { scale }) },
    preTrusted: preTrusted.map((index) => ids.get(index)!),
    vouches: [...vouches.values()],
  } as WrittenTrust)
}

/** Honest peers send what they made, and liars know it; these send what their attack gives. */
function alterOf(
  {
    parameters,
    charter,
    rows,
    items,
    position,
    coalition,
    updates,
  }: Pick<ParticipantsOptions, 'parameters' | 'charter' | 'rows' | 'items'> & {
    position: Position
    coalition: Coalition
    updates: HonestUpdates
  },
  adversary: Adversary | undefined,
): Alter | undefined {
  if (coalition.liars.length === 0) return undefined
  // Where models are only close, updates of one round are comparable whatever model they were trained on.
  const comparable = <W extends { readonly model: Digest }>(work: W): W =>
    endOfRounds([parameters.agreement]) === 'certified' ? work : { ...work, model: '' }
  if (!coalition.liars.includes(position)) {
    return (update, work) => {
      updates.add(position, comparable(work), update)
      return update
    }
  }
  if (adversary?.alter === undefined) return undefined
  const { rule, quorums } = charter.at(1)
  const { unpaced } = agreements.find(parameters.agreement.kind)
  const least = fewestUpdates(parameters.agreement, quorums.total, quorums.tolerated)
  // What the round counts by is told with the training: some may be out.
  return (update, { round, model, from, signal, weights, fewer }) =>
    adversary.alter!(update, {
      self: position,
      items: rows && items && { ...items, width: rows.width, model: from },
      ...{ round, model, n: quorums.peers, least, rule: withstanding(rule, fewer), weights, coalition },
      honest: async () => (unpaced ? updates.newest() : updates.of(comparable({ round, model }), signal)),
    })
}

/** Of a cell. `initial` is the digest of the model that everybody begins with; members are in the order of the roster. */
export function charterOf({
  parameters,
  seed,
  initial,
  members,
  rows,
}: Pick<ParticipantsOptions, 'parameters' | 'seed' | 'initial' | 'members'> & {
  readonly rows: RowShape | undefined
}): FoundedCharter {
  const { tolerated, aggregation, agreement, task, learning, network } = parameters
  const ids = members.map(({ id }) => id)
  const names = members.map(({ index }) => `peer ${index}`)
  const written = writtenTrust(parameters, members)
  const weights = parameters.weights && members.map(({ index }) => parameters.weights![index]!)
  const signatures = network.transport === 'virtual' ? network.signatures : 'ed25519'
  const trusted = written ? { trust: written } : { weights }
  // What is looked at and kept is no part of the network. Whoever has it can check what the peers of the cell signed.
  const { evaluateEvery: _, events: __, ...lived } = parameters
  const record = {
    peers: ids,
    ...trusted,
    names,
    tolerated,
    aggregation,
    initial,
    rows,
    signatures,
    parameters: lived,
    seed,
  }
  return new FoundedCharter({
    record: canonical(record),
    ids,
    weights,
    tolerated,
    trust: written && trustTermsOf(written, ids),
    aggregation,
    agreement: agreementOf(agreement),
    rows,
    task,
    learning,
  })
}

/**
 * The honest peers in the two halves to which a coalition tells two stories: the sides of the first partition with two
 * groups, with peers of neither on the first; without such a partition, the lower and the upper indices.
 */
function halvesOf(parameters: Parameters): readonly [readonly number[], readonly number[]] {
  const divided = partitionsOf(parameters).find(({ groups }) => groups === 'halves' || groups.length === 2)
  const groups = divided?.groups ?? 'halves'
  const [, second = []] = partitionGroups({ groups, bridge: 'adversaries', fromRound: 1, untilRound: 1 }, parameters)
  const malicious = maliciousPeers(parameters)
  const honest = Array.from({ length: parameters.peers }, (_, index) => index).filter((index) => !malicious.has(index))
  return [honest.filter((index) => !second.includes(index)), second]
}

function adversaryOf({ count: _, ...behaviour }: LyingGroup, seed: number): Adversary {
  return createAdversary(behaviour, seed)
}
