import { styleText } from 'node:util'
import { oneLine, plain } from '@hearsay/catalogue/words'
import type { Progress } from '@hearsay/experiment'
import { worstIn } from '@hearsay/scenario'
import { tellMeasure } from '@hearsay/training/schema'
import { inWords, Pace } from './pace.ts'
import { lackOf, planInALine } from './plan-words.ts'

export interface Reporter {
  /** `jobs` are cells with one seed each, `networks` the transports of the cells, each once. */
  begin(name: string, question: string, size: { cells: number; jobs: number }, networks: readonly string[]): void
  /** What may not be meant. */
  warn(text: string): void
  /** Of the job with this name, or of the whole run. */
  progress(progress: Progress, job?: string): void
}

/** Of a job, what every line of it needs. */
type Told = Pick<Extract<Progress, { kind: 'cell' }>, 'end' | 'headline' | 'virtual'>

/**
 * Tells the progress of a run, a line a round; on a terminal the rounds of a cell share one line. With several jobs at once, a
 * line a job, and on a terminal one of all that are under way.
 */
export function createReporter(
  stream: NodeJS.WriteStream,
  jobs = 1,
  nowMs: () => number = () => performance.now(),
): Reporter {
  const live = stream.isTTY === true
  const style = (format: 'bold' | 'dim' | 'yellow', text: string): string =>
    live && !process.env.NO_COLOR ? styleText(format, text, { validateStream: false }) : text
  const pace = new Pace(nowMs)
  let parallel = jobs
  let open = false
  let cell: Told | undefined
  const line = (text: string): void => {
    if (open) stream.write('\r\x1b[K')
    open = false
    stream.write(`${text}\n`)
  }
  const over = (text: string): void => {
    if (!live) {
      line(text)
      return
    }
    // A line that is wrapped cannot be written over.
    stream.write(`\r\x1b[K${text.slice(0, Math.max(20, stream.columns ?? 80) - 1)}`)
    open = true
  }
  const under = new Map<string, { heading: string; at: string; cell: Told; toldMs: number }>()
  const several = (progress: Progress, job: string): void => {
    const place = under.get(job)
    if (progress.kind === 'cell') {
      const heading = `[${progress.cell + 1}/${progress.cells}] ${oneLine(progress.label)}  seed ${progress.seed}`
      pace.begun(job)
      under.set(job, { heading, at: 'begins', cell: progress, toldMs: nowMs() })
    } else if (place !== undefined && progress.kind === 'round') {
      const leftMs = pace.leftMs(job, progress)
      place.at = `round ${progress.round} of ${progress.rounds}${toGo(leftMs)}`
      // Without a terminal, whoever looks into the log of a long job sees that it goes on.
      if (!live && nowMs() - place.toldMs >= quietMs) {
        place.toldMs = nowMs()
        line(`${place.heading}  ${place.at}`)
      }
    } else if (place !== undefined && progress.kind === 'note') {
      line(style('dim', `${place.heading}  ${oneLine(progress.text)}`))
    } else if (place !== undefined && (progress.kind === 'done' || progress.kind === 'failed')) {
      under.delete(job)
      const took = pace.ended(job)
      if (progress.kind === 'done') line(`${place.heading}  ${describe(progress.measures, place.cell)} · ${took}`)
      else line(style('yellow', `${place.heading}  ✗ failed: ${oneLine(progress.reason)}`))
    }
    if (live) over([...under.values()].map(({ heading, at }) => `${heading}, ${at}`).join(' · '))
  }
  return {
    begin: (name, question, { cells, jobs }, networks) => {
      pace.jobs = jobs
      line(style('bold', `Hearsay: ${name}`))
      line(oneLine(question))
      line(style('dim', `${cells} cell${cells === 1 ? '' : 's'}; ${whereabouts(networks)}.`))
    },
    warn: (text) => line(style('yellow', `warning: ${oneLine(text)}`)),
    progress: (progress, job) => {
      if (parallel > 1 && job !== undefined) return several(progress, job)
      switch (progress.kind) {
        case 'engine':
          line(style('dim', `engine: ${oneLine(progress.engine)}`))
          if (progress.notice !== undefined) line(style('yellow', plain(progress.notice)))
          break
        case 'cell':
          cell = progress
          pace.begun('')
          line('')
          line(
            `${style('bold', `[${progress.cell + 1}/${progress.cells}] ${oneLine(progress.label)}`)}${style('dim', `  seed ${progress.seed}`)}`,
          )
          break
        case 'round':
          if (cell !== undefined) over(`${describeRound(progress, cell)}${live ? toGo(pace.leftMs('', progress)) : ''}`)
          break
        case 'waiting':
          // What is written once stays: only a terminal is told every second.
          if (live)
            over(`  no round ${cell?.end} for ${seconds(progress.waitedMs)}; stalled at ${seconds(progress.stallMs)}`)
          break
        case 'note':
          line(style('dim', `  ${oneLine(progress.text)}`))
          break
        case 'plan':
          parallel = progress.plan.parallel
          line(style('dim', planInALine(progress.plan)))
          for (const text of lackOf(progress.plan)) line(style('yellow', `warning: ${text}`))
          break
        case 'resumed':
          pace.jobs -= progress.done
          line(style('dim', `  ${progress.done} of ${progress.jobs} jobs are done`))
          break
        case 'failed':
          pace.ended('')
          line(style('yellow', `  ✗ failed: ${oneLine(progress.reason)}`))
          break
        case 'done':
          if (cell !== undefined) line(`  ${describe(progress.measures, cell)} · ${pace.ended('')}`)
      }
    },
  }
}

/** A job among several that is at it for longer says so, where there is no terminal. */
const quietMs = 60_000
/** What is over sooner needs no forecast. */
const soonMs = 10_000

function toGo(leftMs = 0): string {
  return leftMs < soonMs ? '' : `, about ${inWords(leftMs)} to go`
}

function whereabouts(networks: readonly string[]): string {
  if (!networks.includes('virtual')) return 'every peer is a libp2p host in this process'
  return networks.length === 1
    ? 'all peers are on a virtual network, on a virtual clock'
    : 'peers are libp2p hosts in this process, or on a virtual network'
}

function describeRound(progress: Extract<Progress, { kind: 'round' }>, { end, headline }: Told): string {
  const { round, rounds, worst, ended, honest, models, receivedBytes } = progress
  const parts = [
    `round ${round} of ${rounds}`,
    ...(worst === undefined ? [] : [`${headline.name} ${tellMeasure(headline, worst)}`]),
    `${end} by ${ended} of ${honest}`,
    models === 1 ? 'models identical' : `${models} different models`,
    `received ${megabytes(receivedBytes)} a peer`,
  ]
  return `  ${parts.join('   ')}`
}

function describe(measures: Extract<Progress, { kind: 'done' }>['measures'], { end, headline, virtual }: Told): string {
  const { evaluation, liveness, disagreement, evidence, timeMs } = measures
  const spread = evaluation[headline.name]
  const parts = [
    `${liveness.ended} of ${liveness.rounds} rounds ${end} by all`,
    disagreement.forks > 0 ? `forked, ${evidence.culprits} culprits named` : 'no fork',
    ...(spread ? [`${headline.name} ${tellMeasure(headline, worstIn(spread, headline))}`] : []),
  ]
  if (timeMs.total !== null)
    parts.push(`${(timeMs.total / 1000).toFixed(1)} s${virtual ? ' of virtual time' : ''} a round`)
  return parts.join(' · ')
}

function seconds(ms: number): string {
  return `${Math.round(ms / 100) / 10} s`
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`
}
