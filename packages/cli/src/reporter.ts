import { styleText } from 'node:util'
import type { Progress } from '@hearsay/simulator'

export interface Reporter {
  begin(name: string, question: string, cells: number): void
  progress(progress: Progress): void
}

/** Tells the progress of a run, a line a round; on a terminal the rounds of a cell share one line. */
export function createReporter(stream: NodeJS.WriteStream): Reporter {
  const live = stream.isTTY === true
  const style = (format: 'bold' | 'dim' | 'yellow', text: string): string =>
    live && !process.env.NO_COLOR ? styleText(format, text, { validateStream: false }) : text
  let open = false
  const line = (text: string): void => {
    if (open) stream.write(live ? '\r\x1b[K' : '')
    open = false
    stream.write(`${text}\n`)
  }
  const over = (text: string): void => {
    if (!live) {
      line(text)
      return
    }
    stream.write(`\r\x1b[K${text}`)
    open = true
  }
  return {
    begin: (name, question, cells) => {
      line(style('bold', `Hearsay: ${name}`))
      line(question)
      line(style('dim', `${cells} cell${cells === 1 ? '' : 's'}; every peer is a libp2p host in this process.`))
    },
    progress: (progress) => {
      switch (progress.kind) {
        case 'engine':
          line(style('dim', `engine: ${progress.engine}`))
          if (progress.notice !== undefined) line(style('yellow', progress.notice))
          break
        case 'cell':
          line('')
          line(
            `${style('bold', `[${progress.cell + 1}/${progress.cells}] ${progress.label}`)}${style('dim', `  seed ${progress.seed}`)}`,
          )
          break
        case 'round':
          over(
            `  round ${progress.round} of ${progress.rounds}   accuracy ${percent(progress.accuracy)}   ` +
              `certified by ${progress.certified} of ${progress.honest}   received ${megabytes(progress.receivedBytes)} a peer`,
          )
          break
        case 'note':
          line(style('dim', `  ${progress.text}`))
          break
        case 'done':
          line(`  ${describe(progress.measures)}`)
      }
    },
  }
}

function describe(measures: Extract<Progress, { kind: 'done' }>['measures']): string {
  const { accuracy, liveness, disagreement, evidence, timeMs } = measures
  const parts = [
    `${liveness.certified} of ${liveness.rounds} rounds certified`,
    disagreement.forks > 0 ? `forked, ${evidence.culprits} culprits named` : 'no fork',
    `accuracy ${percent(accuracy.least)}`,
  ]
  if (timeMs.total > 0) parts.push(`${(timeMs.total / 1000).toFixed(1)} s a round`)
  return parts.join(' · ')
}

function percent(share: number): string {
  return Number.isFinite(share) ? `${(100 * share).toFixed(1)} %` : 'unknown'
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`
}
