/** One cell of ByzFL's grid, by us with exact agreement and by ByzFL on a server, each by itself on the same machine. */
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { type TimedRun, timedRun } from '../timed-run.ts'
import { checkByzfl } from './byzfl.ts'
import { CompareError } from './compare-error.ts'

export const experimentHelp = `pnpm compare-byzfl --experiment --data DIR [options]

Runs one cell of ByzFL's grid: 10 honest peers, 3 liars, its CNN of 431,080 parameters on MNIST, one step of a batch of 25 a round,
nearest-neighbour mixing and a trimmed mean, and the optimal ALIE that tries 20 factors. By us with exact agreement on the virtual
network, and by ByzFL, which has a server, where --byzfl and --python are given; otherwise that half is skipped, and said to be.

  --data DIR         the four IDX files of MNIST
  --byzfl DIR        a clone of https://github.com/LPD-EPFL/byzfl
  --python PATH      a Python 3 with numpy, scipy and torch
  --rounds N         that are timed; 20 unless given
  --warm-up N        rounds before these; 2 unless given
  --signatures NAME  modelled, as on large virtual networks, or ed25519; modelled unless given
  --engine NAME      native, wasm or auto; auto unless given
  --json             the same as JSON
  --help

Seconds are medians of rounds, by the clock on the wall; those of the processor are of all processes, and their mean.`

/** ByzFL's time over ours should be at least this. */
export const bar = 15

export interface Pace {
  /** Median of rounds. */
  readonly wallS: number
  /** Mean of rounds; undefined where the machine does not tell. */
  readonly cpuS: number | undefined
}

export interface ExperimentArguments {
  readonly data: string
  readonly byzfl: string | undefined
  readonly python: string | undefined
  readonly rounds: number
  readonly warmUp: number
  readonly signatures: string
  readonly engine: string
  readonly json: boolean
}

/** `undefined` when help is asked for. Throws CompareError `bad-arguments`. */
export function readExperiment(given: readonly string[]): ExperimentArguments | undefined {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean', default: false } as const
  const options = {
    ...{ experiment: flag, help: flag, json: flag, data: text, byzfl: text, python: text },
    rounds: { ...text, default: '20' },
    'warm-up': { ...text, default: '2' },
    signatures: { ...text, default: 'modelled' },
    engine: { ...text, default: 'auto' },
  }
  const bad = (message: string, cause?: unknown): never => {
    throw new CompareError('bad-arguments', message, { cause })
  }
  const parse = () => {
    try {
      return parseArgs({ args: [...given], options }).values
    } catch (cause) {
      return bad(`${(cause as Error).message} --experiment --help lists the options.`, cause)
    }
  }
  const values = parse()
  if (values.help) return undefined
  const { data, byzfl, python, signatures, engine, json } = values
  if (data === undefined) return bad('--experiment needs --data DIR, with the four IDX files of MNIST.')
  const integer = (name: 'rounds' | 'warm-up', least: number): number => {
    const number = Number(values[name])
    if (Number.isSafeInteger(number) && number >= least) return number
    return bad(`--${name} must be an integer from ${least}, not "${values[name]}".`)
  }
  const [rounds, warmUp] = [integer('rounds', 1), integer('warm-up', 1)]
  return { data: resolve(data), byzfl, python, rounds, warmUp, signatures, engine, json }
}

export async function experiment(given: ExperimentArguments): Promise<void> {
  const { byzfl, python, rounds, json } = given
  const both = byzfl !== undefined && python !== undefined
  if (both) await checkByzfl(byzfl, python)
  const say = (text: string): void => {
    if (!json) console.log(text)
  }
  say(
    `${cpus()[0]?.model}, ${cpus().length} cores, load ${loadavg()[0]!.toFixed(1)}, node ${process.version}; ${rounds} rounds`,
  )
  const ours = await oursOf(given)
  say(`Hearsay, exact agreement, signatures ${given.signatures}: ${told(ours)}`)
  const theirs = both ? await byzflOf(given, byzfl, python) : undefined
  if (theirs === undefined) say('ByzFL: skipped, since --byzfl and --python are not both given')
  else {
    say(`ByzFL, on a server, torch ${theirs.torch}, ${theirs.threads} threads: ${told(theirs)}`)
    const ratio = theirs.wallS / ours.wallS
    say(`ByzFL takes ${ratio.toFixed(1)} times as long; the bar is ${bar}: ${ratio >= bar ? 'met' : 'not met'}`)
    if (ratio < bar) process.exitCode = 1
  }
  if (json) console.log(JSON.stringify({ rounds, load: loadavg()[0], ours, byzfl: theirs ?? null }, null, 2))
}

function told({ wallS, cpuS }: Pace): string {
  return `${wallS.toFixed(2)} s a round${cpuS === undefined ? '' : `, ${cpuS.toFixed(2)} s of the processor`}`
}

async function oursOf({ data, rounds, warmUp, signatures, engine }: ExperimentArguments): Promise<Pace> {
  const out = await mkdtemp(join(tmpdir(), 'hearsay-experiment-'))
  try {
    const sets = [`rounds=${warmUp + rounds}`, `network.signatures=${signatures}`].flatMap((set) => ['--set', set])
    const cell = join(import.meta.dirname, 'cell.yaml')
    return paceOf(
      await timedRun(['run', cell, '--data', data, '--engine', engine, '--jobs', '1', '--out', out, ...sets]),
      warmUp,
    )
  } finally {
    await rm(out, { recursive: true, force: true })
  }
}

/** Of the lines that tell of a round. Throws CompareError `driver-failed` unless all rounds are there. */
export function paceOf({ code, lines, errors }: TimedRun, warmUp: number): Pace {
  const ends = lines.filter(({ text }) => /^\s*round \d+ of \d+\b/.test(text))
  const [, due] = /of (\d+)/.exec(ends.at(-1)?.text ?? '') ?? []
  if (code !== 0 || ends.length !== Number(due)) {
    const end = errors || lines.at(-1)?.text
    throw new CompareError('driver-failed', `hearsay run ended with code ${code} after ${ends.length} rounds: ${end}`)
  }
  const timed = ends.slice(warmUp - 1)
  const rounds = timed.length - 1
  const walls = timed.slice(1).map(({ atS }, at) => atS - timed[at]!.atS)
  const [from, to] = [timed[0]!.cpuS, timed.at(-1)!.cpuS]
  return { wallS: medianOf(walls), cpuS: from === undefined || to === undefined ? undefined : (to - from) / rounds }
}

interface OfByzfl extends Pace {
  readonly torch: string
  readonly threads: number
}

async function byzflOf({ data, rounds, warmUp }: ExperimentArguments, byzfl: string, python: string): Promise<OfByzfl> {
  const words = [join(import.meta.dirname, 'experiment.py'), resolve(byzfl), data, String(warmUp + rounds)]
  const env = { ...process.env, PYTHONDONTWRITEBYTECODE: '1' }
  const { stdout } = await promisify(execFile)(python, words, { env, maxBuffer: 2 ** 26 }).catch((cause) => {
    throw new CompareError('driver-failed', `ByzFL's half failed: ${String(cause.stderr || cause.message).trim()}`, {
      cause,
    })
  })
  const said = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  const steps = said.filter(({ step }) => step > warmUp)
  const { torch, threads } = said[0]
  const cpuS = steps.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0) / steps.length
  return { wallS: medianOf(steps.map(({ seconds }) => seconds)), cpuS, torch, threads }
}

export function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  return (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2
}
