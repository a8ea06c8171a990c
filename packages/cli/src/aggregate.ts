import type { Context } from '@hearsay/aggregation'
import type { Command } from 'commander'
import { collect, ruleOf } from './assignments.ts'
import { CommandError } from './command-error.ts'

interface AggregateFlags {
  readonly rule: string
  readonly tolerated: number
  readonly option: string[]
  readonly before: string[]
  readonly root?: string
  readonly previous?: string
  readonly workers: number
}

export function addAggregate(program: Command, numberOf: (text: string) => number): void {
  program
    .command('aggregate')
    .description('aggregate vectors of a .npy file by a robust rule, outside any network')
    .argument('[in.npy]', 'n vectors of length d: an array of shape (n, d), of real numbers; standard input: -')
    .argument('[out.npy]', 'the result: shape (d,), float32; standard output: -')
    .requiredOption('--rule <name>', 'one of those that hearsay rules lists')
    .requiredOption('--tolerated <f>', 'how many of the vectors may be Byzantine', numberOf)
    .option('--option <name=value>', 'an option of the rule; may be repeated', collect, [])
    .option('--before <pre-rule>', 'nnm, or clipping:norm=2 with its options; may be repeated, in order', collect, [])
    .option('--root <file>', 'a trusted update, shape (d,), for fltrust')
    .option('--previous <file>', 'the previous result, shape (d,), for centered-clipping; zero without')
    .option('--workers <count>', 'threads that help the first one, for long vectors', numberOf, 0)
    .addHelpText(
      'after',
      `
Examples:
  python -c "import numpy; numpy.save('in.npy', numpy.random.randn(16, 1000).astype('<f4'))"
  hearsay aggregate --rule trimmed-mean --tolerated 3 in.npy out.npy
  hearsay aggregate --rule krum --tolerated 3 --option neighbours=n-f-1 --before nnm in.npy out.npy
  hearsay aggregate --rule median --tolerated 3 --before clipping:norm=2 < in.npy > out.npy
  python -c "import numpy; print(numpy.load('out.npy'))"

Numbers are float32: others are rounded to it as they are read, and what is beyond its range counts as infinite. A vector
with NaN or infinite numbers counts as Byzantine and never reaches the result; more than f of them are an error.
Arrays are of floats or integers in any order, .npy versions 1 to 3. The input is held once, as float32.
The result is the same bits with any number of workers. More than the other cores of the machine do not help.

hearsay rules lists the rules, their options and what they require of n and f.
Exit codes: 0 the result is written, 2 the command or its input is wrong.`,
    )
    .action(aggregate)
}

async function aggregate(input: string | undefined, output: string | undefined, flags: AggregateFlags): Promise<void> {
  // Only here: help need not wait for it.
  const { aggregate, AggregationError, checkRule, ruleSpec, rules, Workspace } = await import('@hearsay/aggregation')
  const { checkInputs, checkOutput, readVector, readVectors, writeArray } = await import('./vectors.ts')
  const { startWorkers } = await import('./workers.ts')
  const spec = ruleSpec(ruleOf(flags, flags.option, '--option'))
  const { root, previous } = flags
  const given = Object.entries({ root, previous }).filter(([, file]) => file !== undefined)
  const rule = rules.get(spec.rule)
  const unused = given.find(([name]) => rule !== undefined && rule.context !== name)
  if (unused !== undefined) throw new CommandError(`--${unused[0]}: rule "${spec.rule}" takes none: leave it out.`)
  checkInputs([input, ...given.map(([, file]) => file)])
  checkOutput(output)
  const context: Context = {
    ...(root === undefined ? {} : { root: await readVector(root) }),
    ...(previous === undefined ? {} : { previous: await readVector(previous) }),
  }
  const workspace = await readVectors<ArrayBufferLike>(input, (rows, length) => {
    checkRule(spec, rows)
    if (flags.workers === 0) return new Workspace({ rows, length })
    return new Workspace<SharedArrayBuffer>({ rows, length, workers: startWorkers(flags.workers) })
  })
  const rows = Array.from({ length: workspace.rows }, (_, row) => row)
  const finite = new Set(workspace.finiteRows(rows))
  const notFinite = rows.filter((row) => !finite.has(row))
  const named = `Not finite, and so Byzantine: ${listOf(notFinite)}.`
  try {
    const result = aggregate(spec, workspace, rows, context)
    if (notFinite.length > 0) process.stderr.write(`hearsay: ${named}\n`)
    await writeArray(output, [result.length], [result])
  } catch (error) {
    if (!(error instanceof AggregationError) || error.code !== 'too-many-non-finite') throw error
    throw new CommandError(`${error.message} ${named}`)
  }
}

/** Rows of an array in words, as NumPy counts them. */
export function listOf(rows: readonly number[]): string {
  const more = rows.length > 20 ? `, and ${rows.length - 20} more` : ''
  return `${rows.length === 1 ? 'row' : 'rows'} ${rows.slice(0, 20).join(', ')}${more} (the first is 0)`
}
