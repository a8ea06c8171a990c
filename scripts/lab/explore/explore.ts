/**
 * Puts the protocol through schedules drawn at random, or through every state of small cases:
 *
 *     pnpm explore [--seeds N] [--minutes M] [--from seedOption] [--workers W] [--json]
 *     pnpm explore --seed seedOption        one schedule: its options, what happens, the verdict
 *     pnpm explore --schedule JSON    the same for a schedule that is given
 *     pnpm explore --weighted         random schedules of peers of unlike weight
 *     pnpm explore --ordered          of an agreed order of gradients; or --each-for-itself, --holes, --pauses
 *     pnpm explore --thresholds       liars of weight F and of F + 1, one head or many
 *     pnpm explore --agreement        binary agreement alone, thousands of schemes a second
 *     pnpm explore --mutant NAME      the same of the protocol with one thing wrong, which should be found
 *     pnpm explore --exhaustive       every state of four peers of whom one lies
 *
 * Progress goes to standard error. Exit code 1 if anything went wrong; then the schedule is made as simple as it can be.
 */
import { fork, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import {
  addFindings,
  drawSchedule,
  exploreSeed,
  type Findings,
  type Kind,
  kinds,
  noFindings,
  patience,
  runSchedule,
  type Schedule,
  shrink,
  storyOf,
  timing,
} from '@hearsay/experiment/testing/exploration/index'
import { commandLine, usageError } from '../../command-line.ts'
import { mutantVariable } from '../mutants/mutant.ts'
import { allMutants } from '../mutants/protocol-mutants.ts'
import { exploreAgreement } from './explore-agreement.ts'
import { exploreExhaustively } from './explore-exhaustive.ts'
import { exploreThresholds } from './explore-thresholds.ts'

interface Share {
  readonly from: number
  readonly step: number
  readonly count: number
  readonly untilMs: number
  readonly kind: Kind
}

const reportEvery = 50
const linesShown = 400

/** Explores every `step`th seed; `report` gets what was found since the last time. */
function exploreShare({ from, step, count, untilMs, kind }: Share, report: (findings: Findings) => void): void {
  let findings = noFindings()
  for (let at = 0; at < count && Date.now() < untilMs && findings.failures.length === 0; at++) {
    addFindings(findings, exploreSeed(from + at * step, kind))
    if (at % reportEvery !== reportEvery - 1) continue
    report(findings)
    findings = noFindings()
  }
  report(findings)
}

/** Shares the seeds out among processes, and adds up what they find. */
async function exploreAll(
  { from, seeds, kind }: { from: number; seeds: number; kind: Kind },
  minutes: number,
  workers: number,
): Promise<Findings> {
  const all = noFindings()
  const startedMs = performance.now()
  let shownMs = startedMs
  const untilMs = Date.now() + minutes * 60_000
  const children = Array.from({ length: workers }, (_, at) => {
    const count = Math.ceil((seeds - at) / workers)
    const share: Share = {
      from: from + at,
      step: workers,
      count,
      untilMs: Number.isFinite(untilMs) ? untilMs : 8e15,
      kind,
    }
    return fork(import.meta.filename, ['--share', JSON.stringify(share)])
  })
  const ended = children.map(
    (child) =>
      new Promise<void>((resolve, reject) => {
        child.on('message', (findings: Findings) => {
          addFindings(all, findings)
          if (findings.failures.length > 0) for (const other of children) other.kill()
          if (performance.now() - shownMs < 5000) return
          shownMs = performance.now()
          process.stderr.write(`${all.schedules} schedules, ${perSecond(all.schedules, startedMs)} a second\n`)
        })
        child.on('exit', (code, signal) =>
          code === 0 || (signal !== null && all.failures.length > 0)
            ? resolve()
            : reject(new Error(`a worker ended with ${signal ?? code}: what it explored is not known`)),
        )
      }),
  )
  await Promise.all(ended)
  return all
}

function perSecond(count: number, startedMs: number): number {
  return Math.round((10_000 * count) / (performance.now() - startedMs)) / 10
}

/** One schedule: options first, then what happens, then the verdict. */
function repeat(schedule: Schedule): boolean {
  console.log(JSON.stringify(schedule, undefined, 2))
  const lines = storyOf(schedule)
  for (const line of lines.slice(-linesShown)) console.log(line)
  const { wrong, timeouts } = runSchedule(schedule)
  if (wrong === undefined)
    console.log(
      `nothing wrong: all rounds certified ${timeouts} timeouts after faults ended, of ${patience(schedule)} allowed`,
    )
  return wrong === undefined
}

function showFailure(seed: number, kind: Kind): void {
  const schedule = drawSchedule(seed, kind)
  console.log(`\nSeed ${seed} goes wrong. Its options:\n${JSON.stringify(schedule)}`)
  const simplest = shrink(schedule, runSchedule, () => process.stderr.write('simpler\n'))
  console.log('\nThe simplest schedule found that goes wrong like it:')
  repeat(simplest)
  console.log(`\nTo repeat the first:    pnpm explore --seed ${seed}${kind === 'any' ? '' : ` --${kind}`}`)
  console.log(`To repeat the simplest: pnpm explore --schedule '${JSON.stringify(simplest)}'`)
}

const help = `pnpm explore: random schedules of the protocol, judged after every step, then healed and demanded to go on.

  --seeds N        so many schedules; 1000 when left out
  --minutes M      or for so long
  --from S         the first seed; 1
  --workers W      processes; 2
  --seed S         repeats one schedule and tells its story
  --schedule JSON  repeats one that was made simple
  --weighted       each with peers of unlike weight; else a third are
  --pauses         each with peers that pause, and liars that say so of themselves as they like
  --ordered        of gradients in an agreed order (agreement: asynchronous), with liars who know its argument
  --each-for-itself  of gradients that each peer judges for itself
  --holes          of updates in chunks that are lost (exchange.loss with chunkMs)
  --thresholds     instead, of each seed liars of weight F and of F + 1, silent and split-brain: what breaks, and what does not
  --heads H        with --thresholds: so many heads of weight F = H together, and of F + 1
  --agreement      binary agreement alone, against schemes of liars and delays: thousands a second
  --mutant NAME    of the protocol with one thing wrong (pnpm mutants --list), which should be found
  --exhaustive     every state of four peers of whom one lies, instead: minutes
  --quick          of these, the cases that take seconds
  --json           the summary as JSON on standard output

Exit codes: 0 nothing went wrong, 1 something did, 2 the command is wrong. docs/testing.md says what is explored.`

async function main(): Promise<boolean> {
  const values = commandLine(help, {
    seeds: { type: 'string' },
    minutes: { type: 'string' },
    from: { type: 'string', default: '1' },
    workers: { type: 'string', default: '2' },
    seed: { type: 'string' },
    schedule: { type: 'string' },
    share: { type: 'string' },
    agreement: { type: 'boolean', default: false },
    weighted: { type: 'boolean', default: false },
    pauses: { type: 'boolean', default: false },
    ordered: { type: 'boolean', default: false },
    'each-for-itself': { type: 'boolean', default: false },
    holes: { type: 'boolean', default: false },
    thresholds: { type: 'boolean', default: false },
    heads: { type: 'string' },
    mutant: { type: 'string' },
    exhaustive: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  })
  if (values.share !== undefined) {
    exploreShare(JSON.parse(values.share) as Share, (findings) => process.send!(findings))
    process.disconnect()
    return true
  }
  if (values.mutant !== undefined && process.env[mutantVariable] === undefined) return exploreMutant(values.mutant)
  const chosen = kinds.filter((each) => each !== 'any' && values[each])
  if (chosen.length > 1)
    usageError(`--${chosen.join(' and --')} are kinds of schedules, of which one is explored at a time`)
  const [kind = 'any'] = chosen
  if (values.exhaustive) return exploreExhaustively(values.json, values.quick)
  if (values.schedule !== undefined) return repeat(JSON.parse(values.schedule) as Schedule)
  if (values.seed !== undefined) return repeat(drawSchedule(numberOf('seed', values.seed), kind))
  const minutes = values.minutes === undefined ? Number.POSITIVE_INFINITY : numberOf('minutes', values.minutes)
  const seeds = values.seeds === undefined ? (Number.isFinite(minutes) ? 1e9 : 1000) : numberOf('seeds', values.seeds)
  const from = numberOf('from', values.from)
  if (values.agreement) return exploreAgreement(from, seeds, values.json)
  const heads = values.heads === undefined ? undefined : numberOf('heads', values.heads)
  if (values.thresholds) return exploreThresholds(from, seeds, values.json, heads)
  const startedMs = performance.now()
  const findings = await exploreAll({ from, seeds, kind }, minutes, numberOf('workers', values.workers))
  const tookMs = Math.round(performance.now() - startedMs)
  const summary = { from, tookMs, schedulesPerSecond: perSecond(findings.schedules, startedMs), ...findings }
  if (values.json) console.log(JSON.stringify(summary, undefined, 2))
  else {
    console.log(`${findings.schedules} schedules from seed ${from} in ${Math.round(tookMs / 1000)} s`)
    console.log(`${findings.delivered} envelopes delivered; peers ${JSON.stringify(findings.peers)}`)
    console.log(`liars ${JSON.stringify(findings.behaviours)}`)
    console.log(
      `${findings.weighted} with unlike weights, ${findings.manyHeads} with liars who are a third of the heads or more, ` +
        `${findings.evicted} in which somebody was evicted, ${findings.moved} in which vouches moved weight`,
    )
    console.log(
      `after faults ended, all was certified within ${findings.mostTimeouts} timeouts of ${timing.timeoutMs} ms, ` +
        `at most ${Math.round(100 * findings.mostPatience)} % of what a schedule is allowed`,
    )
    console.log(`${findings.failures.length === 0 ? 'nothing' : findings.failures.length} went wrong`)
  }
  const [failure] = findings.failures
  if (failure !== undefined && !values.json) showFailure(failure.seed, kind)
  return failure === undefined
}

/** The same command in a process, and so in workers, that loads the mutant. */
function exploreMutant(name: string): boolean {
  if (!allMutants.some((mutant) => mutant.name === name))
    usageError(`no mutant is called "${name}": pnpm mutants --list shows them`)
  const hooks = join(import.meta.dirname, '../mutants/mutant-hooks.ts')
  const env = { ...process.env, [mutantVariable]: name }
  const command = ['--import', hooks, import.meta.filename, ...process.argv.slice(2)]
  return spawnSync(process.execPath, command, { stdio: 'inherit', env }).status === 0
}

function numberOf(option: string, text: string): number {
  const number = Number(text)
  if (
    text.trim() !== '' &&
    Number.isFinite(number) &&
    number >= 0 &&
    (option === 'minutes' || Number.isInteger(number))
  )
    return number
  return usageError(`--${option} is a number, not "${text}"`)
}

if (!(await main())) process.exitCode = 1
