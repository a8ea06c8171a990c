/**
 * Compares our rules with those of ByzFL (https://github.com/LPD-EPFL/byzfl), and with --speed their times. Exit code 1
 * when a difference is above the tolerance and nothing explains it, 2 when the comparison cannot be made.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { attackComparisons } from './compare-byzfl/attacks-table.ts'
import { Byzfl, checkByzfl } from './compare-byzfl/byzfl.ts'
import { type Comparison, compare, type Summary, summarise } from './compare-byzfl/compare.ts'
import { CompareError } from './compare-byzfl/compare-error.ts'
import { toleranceOf } from './compare-byzfl/difference.ts'
import { experiment, experimentHelp, readExperiment } from './compare-byzfl/experiment.ts'
import { familyTexts, makeInputs } from './compare-byzfl/inputs.ts'
import { printDifferences, printSpeeds } from './compare-byzfl/print.ts'
import { ruleComparisons } from './compare-byzfl/rules-table.ts'
import { measureSpeeds, type SpeedLine, speedCases } from './compare-byzfl/speed.ts'

const help = `pnpm compare-byzfl --byzfl DIR --python PATH [options]

Runs every rule and pre-rule that ByzFL has too on the same inputs as ours, and prints the largest differences.

  --byzfl DIR      the folder that holds ByzFL's package "byzfl": a clone of https://github.com/LPD-EPFL/byzfl
  --python PATH    a Python 3 with numpy, scipy and torch: python3 -m venv V && V/bin/pip install numpy scipy torch,
                   then V/bin/python
  --only NAME      only what has this in its name; may be repeated
  --speed          times too, one thread each: ours against the better of ByzFL on numpy and on torch
  --length D       of the vectors that are timed; 1048576 unless given
  --limit SECONDS  on the timing of one rule of ByzFL on one of both; 120 unless given
  --memory GIB     that ByzFL may take; 12 unless given
  --json           the same as JSON
  --experiment     instead of all this, the time of one cell of its grid, on the MNIST of --data DIR; with --help more
  --help

Inputs:
${Object.entries(familyTexts)
  .map(([name, what]) => `  ${name.padEnd(16)} ${what}`)
  .join('\n')}

Exit code: 0; 1 when a difference is unexplained and above ${toleranceOf.numpy64} (ByzFL on float64) or ${toleranceOf.numpy32} (on
float32), relative to the largest number of the output; 2 when the comparison cannot be made.`

export interface Arguments {
  readonly byzfl: string
  readonly python: string
  readonly only: readonly string[]
  readonly speed: boolean
  readonly length: number
  readonly limitMs: number
  readonly memoryBytes: number
  readonly json: boolean
}

/** `undefined` when help is asked for. Throws CompareError `bad-arguments`. */
export function readArguments(given: readonly string[]): Arguments | undefined {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean' } as const
  let values: ReturnType<typeof parse>['values']
  const parse = () =>
    parseArgs({
      args: [...given],
      options: {
        byzfl: text,
        python: text,
        only: { type: 'string', multiple: true },
        speed: flag,
        length: { type: 'string', default: '1048576' },
        limit: { type: 'string', default: '120' },
        memory: { type: 'string', default: '12' },
        json: flag,
        help: flag,
      },
    })
  try {
    values = parse().values
  } catch (cause) {
    throw new CompareError('bad-arguments', `${(cause as Error).message} --help lists the options.`, { cause })
  }
  if (values.help) return undefined
  const { byzfl, python } = values
  if (byzfl === undefined || python === undefined) {
    throw new CompareError(
      'bad-arguments',
      'Both --byzfl DIR and --python PATH are needed; --help says how to get them.',
    )
  }
  const positive = (name: 'length' | 'limit' | 'memory'): number => {
    const number = Number(values[name])
    if (Number.isSafeInteger(number) && number > 0) return number
    throw new CompareError('bad-arguments', `--${name} must be an integer above 0, not "${values[name]}".`)
  }
  return {
    byzfl,
    python,
    only: values.only ?? [],
    speed: values.speed ?? false,
    length: positive('length'),
    limitMs: positive('limit') * 1000,
    memoryBytes: positive('memory') * 2 ** 30,
    json: values.json ?? false,
  }
}

const isWanted = (only: readonly string[]) => (each: { readonly name: string }) =>
  only.length === 0 || only.some((name) => each.name.includes(name))

async function main(given: Arguments): Promise<void> {
  const comparisons = [...ruleComparisons(), ...attackComparisons()].filter(isWanted(given.only))
  if (comparisons.length === 0)
    throw new CompareError('bad-arguments', `--only: no rule has ${given.only} in its name.`)
  await checkByzfl(given.byzfl, given.python)
  const folder = await mkdtemp(join(tmpdir(), 'hearsay-compare-'))
  const byzfl = new Byzfl({ directory: given.byzfl, python: given.python, memoryBytes: given.memoryBytes })
  try {
    const versions = await byzfl.start()
    const machine = {
      cpu: cpus()[0]?.model,
      cores: cpus().length,
      load: loadavg()[0],
      node: process.version,
      ...versions,
    }
    const summaries = await differences(comparisons, byzfl, folder)
    const speeds = given.speed ? await speedsOf(given, byzfl, folder) : undefined
    if (given.json) {
      console.log(JSON.stringify({ machine, tolerance: toleranceOf, differences: summaries, speeds }, null, 2))
    } else {
      console.log(
        `${Object.entries(machine)
          .map(([name, value]) => `${name} ${value}`)
          .join(', ')}\n`,
      )
      console.log(printDifferences(summaries))
      if (speeds) console.log(`\n${printSpeeds(speeds, given.length)}`)
    }
    if (summaries.some(({ unexplained }) => unexplained.length > 0)) process.exitCode = 1
  } finally {
    byzfl.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

async function differences(comparisons: readonly Comparison[], byzfl: Byzfl, folder: string): Promise<Summary[]> {
  const inputs = makeInputs()
  const summaries: Summary[] = []
  for (const comparison of comparisons) {
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${comparison.name}`)
    summaries.push(summarise(comparison, await compare(comparison, inputs, byzfl, folder)))
  }
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K')
  return summaries
}

async function speedsOf(given: Arguments, byzfl: Byzfl, folder: string): Promise<SpeedLine[]> {
  const { length, limitMs } = given
  const seen = ({ name }: SpeedLine) => void (process.stderr.isTTY && process.stderr.write(`\r\x1b[K${name} timed`))
  const lines = await measureSpeeds(speedCases.filter(isWanted(given.only)), byzfl, { length, limitMs, folder, seen })
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K')
  return lines
}

if (import.meta.main) {
  try {
    const words = process.argv.slice(2)
    if (words.includes('--experiment')) {
      const given = readExperiment(words)
      if (given) await experiment(given)
      else console.log(experimentHelp)
    } else {
      const given = readArguments(words)
      if (given) await main(given)
      else console.log(help)
    }
  } catch (error) {
    if (!(error instanceof CompareError)) throw error
    console.error(error.message)
    process.exitCode = 2
  }
}
