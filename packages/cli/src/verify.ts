import { existsSync } from 'node:fs'
import { plain, plainJson } from '@hearsay/catalogue/words'
import type { EvidenceReport, LedgerReport } from '@hearsay/ledger'
import type { Command } from 'commander'
import { collect } from './assignments.ts'
import { CommandError } from './command-error.ts'

interface VerifyFlags {
  readonly network?: string
  readonly extension: readonly string[]
  readonly json?: boolean
}

export function addVerify(program: Command): void {
  program
    .command('verify')
    .description(
      'check a chain of certificates, or evidence, offline: nothing that a peer says about itself is trusted',
    )
    .argument('<path>', 'a ledger, a file of evidence, or a folder of ledgers: that of a peer, or of a run')
    .option('--network <digest>', 'the network that it must be of; the name alone says who may sign')
    .option(
      '--extension <file>',
      "run this TypeScript file, which has the network's own rule; may be repeated",
      collect,
      [],
    )
    .option('--json', 'print the findings as JSON')
    .addHelpText(
      'after',
      `
Of a ledger: every certificate's form, set, signatures and quorum, and that each follows the one before; with the
updates archived beside it (hearsay run --archive, or archiveRounds in peer.yaml), that each model is what the rule
gives, bit for bit. Of evidence: that its culprits signed what no honest peer signs. docs/accountability.md tells more.

A rule of one's own is code, which ledgers only name: without --extension its aggregates are told as not computed again,
and no file of a run is ever run. With it the file runs with all your rights, so read it first.

Who may sign is in the genesis record, whose digest is the name of the network: compare it with the one you know.

Exit codes: 0 sound, 1 broken (the round and the reason are told), 2 there is nothing to check with: no record of the
network, or a rule that throws, or that no file of --extension has.

Examples:
  hearsay verify my-peer
  hearsay verify runs/latest/ledgers/cell-3-seed-1/peer-0
  hearsay verify runs/latest --extension runs/latest/own-rule.ts
  hearsay verify proofs/fork-1-2-5-9.json`,
    )
    .action(verify)
}

async function verify(path: string, { network, extension, json }: VerifyFlags): Promise<void> {
  // Only here: other commands need not wait for libp2p.
  const { findLedgers, verifyEvidenceFile, verifyLedger } = await import('@hearsay/ledger')
  const extensions = await load(extension)
  const alone = path.endsWith('.json')
  const ledgers = alone ? [] : findLedgers(path).map((place) => verifyLedger(place, { extended: extension.length > 0 }))
  const evidence = alone ? [verifyEvidenceFile(path)] : []
  const proofs = [...evidence, ...ledgers.flatMap((ledger) => ledger.evidence)]
  const networks = [
    ...ledgers.map((ledger) => ledger.network),
    ...proofs.flatMap(({ proves }) => proves?.network ?? []),
  ]
  const foreign = network === undefined ? undefined : networks.find((each) => each !== network)
  const whole =
    ledgers.every(({ broken }) => broken === undefined) && proofs.every(({ proves }) => proves !== undefined)
  const failed = ledgers.flatMap(({ path, aggregates }) => (aggregates.failed ? [{ path, ...aggregates.failed }] : []))
  const unbroken = whole && foreign === undefined
  const sound = unbroken && failed.length === 0
  if (json) process.stdout.write(`${plainJson({ sound, extensions, ledgers, evidence }, 2)}\n`)
  else {
    const describe = ledgers.length === 1 ? describeLedger : describeBriefly
    const lines = [...ledgers.flatMap(describe), ...evidence.map(describeEvidence)]
    for (const { path, sha256 } of extensions)
      lines.push(`Rules of ${path}, SHA-256 ${sha256}; a network that ran other code has other models`)
    if (foreign !== undefined) lines.push(`✗ of the network ${foreign}, not of ${network}`)
    const [first] = failed
    const unchecked = first && `Not all could be checked: ${first.path}, round ${first.round}: ${first.reason}`
    lines.push(unbroken ? (unchecked ?? 'Sound.') : 'Broken.')
    process.stdout.write(`${plain(lines.join('\n'))}\n`)
  }
  if (!sound) process.exitCode = unbroken ? 2 : 1
}

async function load(paths: readonly string[]): Promise<{ path: string; sha256: string }[]> {
  if (paths.length === 0) return []
  const missing = paths.find((path) => !existsSync(path))
  if (missing !== undefined) throw new CommandError(`--extension ${missing}: there is no such file.`)
  // Only here: who has no rule of their own need not wait for the simulator.
  const { loadExtension } = await import('@hearsay/scenario')
  return paths.map((path) => ({ path, sha256: loadExtension(path).sha256 }))
}

function describeLedger(report: LedgerReport): string[] {
  const { network, peers, tolerated, rounds, head, evicted, evidence } = report
  return [
    report.path,
    `  network       ${network}, of ${peers} peers, which tolerates ${tolerated}`,
    `  certificates  ${describeCertificates(report)}`,
    `  newest        ${rounds === 0 ? 'none' : `${head}, of round ${rounds}`}`,
    `  aggregates    ${describeAggregates(report)}`,
    ...describeStanding(report),
    ...evicted.map(({ round, peer }) => `  evicted       ${peer}, by round ${round}`),
    ...evidence.map((each) => `  evidence      ${describeEvidence(each)}`),
  ]
}

/** Where weights follow vouches; they were computed again from these. */
function describeStanding({ standing, rounds }: LedgerReport): string[] {
  if (standing === undefined) return []
  const heavy = standing.weights.filter(({ weight }) => weight > 0).map(({ peer, weight }) => `${peer} ${weight}`)
  return [
    `  weights       ✓ by ${standing.vouches} vouches after round ${rounds}: ${heavy.join(', ')}`,
    ...standing.left.map((peer) => `  left          ${peer}`),
  ]
}

function describeCertificates({ end, rounds, broken }: LedgerReport): string {
  if (broken !== undefined) return `✗ broken in round ${broken.round}: ${broken.reason}; the ${rounds} before are sound`
  if (rounds === 0 && end !== 'certified') return `– none, since rounds of this network are ${end}`
  return `✓ ${rounds}: form, set, signatures and quorum of each, and each follows the one before`
}

function describeBriefly(report: LedgerReport): string[] {
  const { path, rounds, end, broken, evidence } = report
  const none = rounds === 0 && end !== 'certified'
  const sound = none
    ? `– ${path}: no certificates, since rounds are ${end}`
    : `✓ ${path}: ${rounds} certificates; aggregates ${describeAggregates(report)}`
  const what = broken === undefined ? sound : `✗ ${path}: broken in round ${broken.round}: ${broken.reason}`
  return [what, ...evidence.map((each) => `  ${describeEvidence(each)}`)]
}

function describeAggregates({ aggregates: { recomputed, unknown, failed } }: LedgerReport): string {
  const done = recomputed === 0 ? '– none computed again' : `✓ ${recomputed} computed again, to the same bits`
  const because = failed ?? unknown
  return because === undefined ? done : `${done}; in round ${because.round} ${because.reason}`
}

function describeEvidence({ path, proves, refused }: EvidenceReport): string {
  if (proves === undefined) return `✗ ${path} proves nothing: ${refused}`
  return `✓ ${path} proves ${proves.kind} in round ${proves.round} by ${proves.culprits.join(', ')}`
}
