import type { AttackContext } from '@hearsay/adversary/updates'
import type { Command } from 'commander'
import { listOf } from './aggregate.ts'
import { assignmentsOf, collect, ruleOf } from './assignments.ts'
import { CommandError } from './command-error.ts'

interface AttackFlags {
  readonly malicious: number
  readonly option: string[]
  readonly own?: string
  readonly rule: string
  readonly tolerated?: number
  readonly ruleOption: string[]
  readonly before: string[]
  readonly seed: number
  readonly append?: boolean
}

export function addAttack(program: Command, numberOf: (text: string) => number): void {
  program
    .command('attack')
    .description('make the vectors that liars send, from the honest ones of a .npy file')
    .argument('<name>', 'one of those that hearsay attacks lists')
    .argument('[honest.npy]', 'n−F honest vectors: an array of shape (n−F, d); standard input: -')
    .argument('[out.npy]', 'the vectors of the liars: shape (F, d), float32; standard output: -')
    .requiredOption('--malicious <F>', 'how many lie', numberOf)
    .option('--option <name=value>', 'an option of the attack; may be repeated', collect, [])
    .option('--own <file>', "the liars' own honest update, shape (d,); the mean of the honest ones without")
    .option('--rule <name>', 'the rule in use, for attacks that search against it', 'trimmed-mean')
    .option('--tolerated <f>', 'what that rule tolerates; F without', numberOf)
    .option('--rule-option <name=value>', 'an option of that rule; may be repeated', collect, [])
    .option('--before <pre-rule>', 'nnm, or clipping:norm=2 with its options; may be repeated, in order', collect, [])
    .option('--seed <number>', 'of random draws', numberOf, 0)
    .option('--append', 'write the honest vectors first, so that an aggregation rule can take the result')
    .addHelpText(
      'after',
      `
Examples:
  hearsay attack little-is-enough --malicious 3 honest.npy lies.npy
  hearsay attack optimal-inner-product --malicious 3 --rule krum --before nnm honest.npy lies.npy
  hearsay attack min-max --malicious 3 --append honest.npy | hearsay aggregate --rule median --tolerated 3 - out.npy
  python -c "import numpy; h, o = numpy.load('honest.npy'), numpy.load('out.npy'); \\
             print(numpy.linalg.norm(o - h.mean(axis=0)))"

Numbers are float32, and arrays as hearsay aggregate takes them. Liars know the honest vectors and collude.
Exit codes: 0 the result is written, 2 the command or its input is wrong.`,
    )
    .action(attack)
}

async function attack(
  name: string,
  input: string | undefined,
  output: string | undefined,
  flags: AttackFlags,
): Promise<void> {
  const f = flags.malicious
  if (f < 1) throw new CommandError('--malicious takes at least 1.')
  if (flags.seed >= 2 ** 32) throw new CommandError(`--seed ${flags.seed}: at most ${2 ** 32 - 1}.`)
  // Only here: help need not wait for it.
  const { attacks, createAttack } = await import('@hearsay/adversary/updates')
  const { AggregationError, checkRule, ruleSpec, Workspace } = await import('@hearsay/aggregation')
  const rule = ruleSpec(ruleOf({ ...flags, tolerated: flags.tolerated ?? f }, flags.ruleOption, '--rule-option'))
  if (!attacks.has(name)) await refuseScenarioOnly(name)
  const options = assignmentsOf(flags.option, '--option')
  const attacker = createAttack(attacks.find(name), options)
  const { checkInputs, checkOutput, readVector, readVectors, writeArray } = await import('./vectors.ts')
  checkInputs(flags.own === undefined ? [input] : [input, flags.own])
  checkOutput(output)
  const workspace = await readVectors(input, (count, length) => {
    if (count < 1) throw new CommandError('There must be at least one honest vector.')
    try {
      checkRule(rule, count + f)
    } catch (error) {
      // Only attacks that try the rule need it for so many, and say so themselves.
      if (!(error instanceof AggregationError) || error.code !== 'requirement-unmet') throw error
    }
    // With rows for the liars too, on which attacks try the rule.
    return new Workspace({ rows: count + f, length })
  })
  const rows = Array.from({ length: workspace.rows - f }, (_, row) => row)
  const finite = new Set(workspace.finiteRows(rows))
  const notFinite = rows.filter((row) => !finite.has(row))
  if (notFinite.length > 0) {
    throw new CommandError(`Honest vectors have no NaN and no infinite numbers: leave out ${listOf(notFinite)}.`)
  }
  const honest = rows.map((row) => workspace.vector(row))
  const own = flags.own === undefined ? (workspace.mean(rows) ?? honest[0]!) : await readVector(flags.own)
  if (own.length !== workspace.length) {
    throw new CommandError(`--own ${flags.own} has ${own.length} numbers, and honest vectors have ${workspace.length}.`)
  }
  const { lies } = await import('./lies.ts')
  const context = { own, honest, workspace, n: honest.length + f, f, rule, round: 1 } satisfies Partial<AttackContext>
  const sent = lies(attacker, context, flags.seed)
  const written = flags.append ? [...honest, ...sent] : sent
  await writeArray(output, [written.length, workspace.length], written)
}

/** Attacks on the protocol and poisoned data make no vectors of vectors. */
async function refuseScenarioOnly(name: string): Promise<void> {
  const { protocolAttacks } = await import('@hearsay/adversary')
  const { poisons } = await import('@hearsay/training/schema')
  if (protocolAttacks.has(name) || poisons.has(name))
    throw new CommandError(`"${name}" is no attack on vectors: a scenario has it, as adversaries.behaviour.`)
}
