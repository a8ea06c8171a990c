import { protocolAttacks } from '@hearsay/adversary'
import { attacks } from '@hearsay/adversary/updates'
import { AggregationError } from '@hearsay/aggregation'
import { canonical, checkedRule, checkRuleOfTrust, mostPeers, tooManyPeers } from '@hearsay/peer'
import { agreementOf, agreements, endOf, fewestUpdates } from '@hearsay/protocol'
import { isPoisonOf, poisons, taskOf } from '@hearsay/training/schema'
import { longest } from '@hearsay/virtual'
import { lyingGroups, maliciousCount } from './adversaries.ts'
import { ruleOf } from './aggregation.ts'
import { checkAgreement, weightsOf } from './agreement.ts'
import { checkExchange } from './exchange.ts'
import type { Finding } from './finding.ts'
import { partitionsOf } from './partition.ts'
import { checkPauses } from './pauses.ts'
import type { Parameters } from './schema.ts'
import { connections, topologies } from './topology.ts'

/** What is wrong with the parameters of a cell that no field alone can tell. */
export function checkParameters(parameters: Parameters): Finding[] {
  const idle = parameters.trust?.every === undefined ? parameters.weights?.indexOf(0) : undefined
  if (idle !== undefined && idle >= 0)
    return [finding(['weights', idle], 'must be 1 or more: who weighs 0 takes no part')]
  if (parameters.weights !== undefined && parameters.weights.length !== parameters.peers) {
    const found = `found ${parameters.weights.length}`
    return [finding(['weights'], `expected one for each of ${parameters.peers} peers, ${found}`)]
  }
  return [
    ...checkAgreement(parameters),
    ...checkVouching(parameters),
    ...checkPace(parameters),
    ...checkAggregation(parameters),
    ...checkAdversaries(parameters),
    ...checkTopology(parameters),
    ...checkNetwork(parameters),
    ...checkExchange(parameters),
    ...checkPartitions(parameters),
    ...checkPauses(parameters),
    ...checkCheckpoints(parameters),
  ]
}

function finding(path: PropertyKey[], message: string): Finding {
  return { path, message }
}

function checkVouching({ trust, agreement: { kind } }: Parameters): Finding[] {
  if (trust?.every === undefined || agreements.find(kind).weighs) return []
  const message = `in ${kind} agreement nobody hears vouches: leave every out, or set agreement to exact`
  return [finding(['trust', 'every'], message)]
}

/** The peers take in updates of some weight to all W, of which up to F may lie: the rule must be defined for each of these. */
function checkAggregation(parameters: Parameters): Finding[] {
  const { agreement, peers, tolerated } = parameters
  const weights = weightsOf(parameters)
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const least = fewestUpdates(agreement, total, tolerated)
  try {
    checkedRule(ruleOf(parameters), weights, least)
    if (parameters.trust?.every !== undefined) checkRuleOfTrust(ruleOf(parameters))
    return []
  } catch (error) {
    if (!(error instanceof AggregationError)) throw error
    const updates = total === peers ? `${peers} updates` : `${total} by weight`
    const sizes = `${peers} peers ${least < total ? `agree on ${least} to` : 'take in all'} ${updates}`
    return [finding(['aggregation', 'rule'], `${error.message} (${sizes})`)]
  }
}

function checkAdversaries(parameters: Parameters): Finding[] {
  const malicious = maliciousCount(parameters)
  const lying = lyingGroups(parameters).reduce((sum, group) => sum + group.count, 0)
  if (lying < malicious) {
    return [finding(['adversaries'], `${malicious - lying} liars have no behaviour: set behaviour, or count to 0`)]
  }
  // No other network lets anybody decide when messages of others arrive.
  const scheduling = lyingGroups(parameters).find(({ behaviour }) => protocolAttacks.get(behaviour)?.virtual)
  if (scheduling !== undefined && parameters.network.transport !== 'virtual') {
    const message = `${scheduling.behaviour} decides when messages of others arrive: set network to virtual`
    return [finding(['adversaries'], `${message}, found ${parameters.network.transport}`)]
  }
  const task = taskOf(parameters.task).name
  const ofItems = lyingGroups(parameters).flatMap(({ behaviour, update }) =>
    [behaviour, update].filter((name) => attacks.get(String(name))?.ofItems),
  )
  if (ofItems.length > 0 && taskOf(parameters.task).items === undefined)
    return [
      finding(['adversaries'], `${ofItems[0]} is about items, which a task such as ratings has, and ${task} has none`),
    ]
  const foreign = lyingGroups(parameters).flatMap(({ behaviour }) => poisons.get(behaviour) ?? [])
  const elsewhere = foreign.find((poison) => !isPoisonOf(poison, task))
  if (elsewhere !== undefined)
    return [
      finding(['adversaries'], `${elsewhere.name} poisons data of the task ${elsewhere.task}, and this is ${task}`),
    ]
  if (malicious < parameters.peers) return []
  return [
    finding(
      ['adversaries'],
      `${malicious} of ${parameters.peers} peers lie, and at least one must be honest: set count to at most ` +
        `${parameters.peers - 1}`,
    ),
  ]
}

function checkTopology({ topology, peers }: Parameters): Finding[] {
  const { kind, ...options } = topology
  const { connected, faults } = topologies.find(kind)
  const findings = faults?.(peers, options).map(({ at, message }) => finding(['topology', ...at], message)) ?? []
  if (findings.length > 0 || connected) return findings
  // With one seed of all: what a run has of another, it finds out itself.
  try {
    connections(topology, peers, 0)
    return []
  } catch (error) {
    return [finding(['topology'], `${kind}: ${(error as Error).message}`)]
  }
}

function checkPace({ agreement: { roundMs = 0 }, stallMs }: Parameters): Finding[] {
  if (roundMs < stallMs) return []
  const message = `a round takes at least ${roundMs} ms, and would count as stalled after stallMs, which is ${stallMs}`
  return [finding(['agreement', 'roundMs'], message)]
}

function checkNetwork(parameters: Parameters): Finding[] {
  const { network, peers, stallMs } = parameters
  if (network.transport !== 'virtual') {
    const most = mostPeers(canonical(ruleOf(parameters)), {
      vouches: parameters.trust?.every !== undefined,
      pauses: parameters.agreement.pauses !== undefined,
      ordering: agreementOf(parameters.agreement).ordering,
    })
    return peers > most ? [finding(['peers'], `${tooManyPeers(most)}, or set network to virtual; found ${peers}`)] : []
  }
  const trainingMs = longest(network.training)
  if (trainingMs >= stallMs) {
    const message = `a peer trains for up to ${trainingMs} ms, and would count as stalled after stallMs, which is ${stallMs}`
    return [finding(['network', 'training'], message)]
  }
  return (['crashes', 'slow'] as const).flatMap((list) =>
    network[list].flatMap(({ peer }, index): Finding[] => {
      if (peer < peers) return []
      return [finding(['network', list, index, 'peer'], `there are peers 0 to ${peers - 1}, found ${peer}`)]
    }),
  )
}

/** What lasts over rounds, and is in no certificate, would end with a checkpoint. */
function checkCheckpoints({ checkpointEvery, agreement, network, partitions }: Parameters): Finding[] {
  if (checkpointEvery === undefined) return []
  const crashes = network.transport === 'virtual' && network.crashes.length > 0
  const parted = !Array.isArray(partitions) || partitions.length > 0
  const why = [
    ...(agreement.kind === 'exact' ? [] : [notResumed(agreement)]),
    ...(parted ? ['partitions last over rounds'] : []),
    ...(crashes ? ['crashes last over rounds'] : []),
    ...(agreement.pauses === 'memory' ? ['the updates that `memory` lets stand in are in no certificate'] : []),
  ]
  if (why.length === 0) return []
  return [finding(['checkpointEvery'], `${why.join(', and ')}: leave checkpointEvery out`)]
}

function notResumed(agreement: Parameters['agreement']): string {
  return endOf(agreement) === 'certified'
    ? `${agreement.kind} agreement goes on from more than its certificates`
    : `${agreement.kind} agreement has no certificates`
}

function checkPartitions(parameters: Parameters): Finding[] {
  const listed = Array.isArray(parameters.partitions)
  const partitions = partitionsOf(parameters)
  return partitions.flatMap((partition, index): Finding[] => {
    const path = listed ? ['partitions', index] : ['partitions']
    const findings: Finding[] = []
    if (partition.untilRound < partition.fromRound) {
      const message = `must be at least fromRound, which is ${partition.fromRound}, found ${partition.untilRound}`
      findings.push(finding([...path, 'untilRound'], message))
    }
    const before = partitions[index - 1]
    if (before !== undefined && partition.fromRound <= before.untilRound) {
      const message = `the partition before it lasts until round ${before.untilRound}: one begins after the other, found`
      findings.push(finding([...path, 'fromRound'], `${message} ${partition.fromRound}`))
    }
    if (partition.bridge === 'adversaries' && maliciousCount(parameters) === 0) {
      const message =
        'there are no adversaries to be the bridge: set adversaries, or give the partition to those cells only'
      findings.push(finding([...path, 'bridge'], message))
    }
    if (partition.groups === 'halves') return findings
    const members = partition.groups.flat()
    const strange = members.find((peer) => peer >= parameters.peers)
    const twice = members.find((peer, position) => members.indexOf(peer) !== position)
    if (strange !== undefined) {
      findings.push(finding([...path, 'groups'], `there are peers 0 to ${parameters.peers - 1}, found ${strange}`))
    }
    if (twice !== undefined) findings.push(finding([...path, 'groups'], `peer ${twice} is in two groups`))
    return findings
  })
}
