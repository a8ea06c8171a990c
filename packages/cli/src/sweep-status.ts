import { oneLine, plainJson } from '@hearsay/catalogue/words'
import type { JobState, SweepStatus } from '@hearsay/experiment'
import type { Command } from 'commander'

/** So many jobs of a kind are told one by one. */
const mostTold = 10

export function addSweepStatus(sweep: Command): void {
  sweep
    .command('status')
    .description('how far a sweep is, from its folder alone: done, running, failed and why, how long to go')
    .argument('<folder>', 'of a sweep')
    .option('--json', 'print every job as JSON')
    .addHelpText(
      'after',
      `
A job is lost when its worker has said nothing for a minute; what is lost or missing can be submitted again.

Exit codes: 0 nothing has failed, 1 a job has, 2 the folder is none of a sweep.`,
    )
    .action(status)
}

async function status(folder: string, { json }: { readonly json?: boolean }): Promise<void> {
  const { sweepStatus } = await import('@hearsay/experiment')
  const found = sweepStatus(folder)
  if (json) process.stdout.write(`${plainJson(found, 2)}\n`)
  else process.stdout.write(`${inWords(folder, found)}\n`)
  if (found.jobs.some(({ state }) => state === 'failed')) process.exitCode = 1
}

function inWords(folder: string, { scenario, jobs, collected, meanMs, leftMs }: SweepStatus): string {
  const counts = Map.groupBy(jobs, ({ state }) => state)
  const told = ['done', 'running', 'failed', 'lost', 'missing'] as const
  const lines = [
    `${oneLine(scenario)}: ${jobs.length} jobs; ${told.map((state) => `${counts.get(state)?.length ?? 0} ${state}`).join(', ')}`,
    ...told.slice(1, 4).flatMap((state) => listed(counts.get(state) ?? [])),
  ]
  if (meanMs !== null) {
    const left = leftMs === null ? '' : `; about ${durationOf(leftMs)} to go with the workers that there are`
    lines.push(`a job takes ${durationOf(meanMs)} on average${left}`)
  }
  if (collected) lines.push('It is collected: report.html and all else are in the folder.')
  else if ((counts.get('done')?.length ?? 0) + (counts.get('failed')?.length ?? 0) === jobs.length)
    lines.push(`All has ended: hearsay sweep collect ${folder}`)
  return lines.join('\n')
}

function listed(jobs: readonly JobState[]): string[] {
  const lines = jobs
    .slice(0, mostTold)
    .map((job) => `  ${job.index}  ${oneLine(job.label)}, seed ${job.seed}: ${whatOf(job)}`)
  return jobs.length > mostTold ? [...lines, `  and ${jobs.length - mostTold} more`] : lines
}

function whatOf(job: JobState): string {
  if (job.state === 'failed') return `failed: ${oneLine(job.reason)}`
  if (job.state === 'running')
    return `running for ${durationOf(job.forMs)}${roundOf(job)} at process ${job.pid} on ${oneLine(job.host)}`
  if (job.state === 'lost') return `lost: process ${job.pid} on ${oneLine(job.host)} is silent`
  return job.state
}

function roundOf({ round, rounds, leftMs }: Extract<JobState, { readonly leftMs: number | null }>): string {
  if (round === null) return ''
  return `, round ${round} of ${rounds}${leftMs === null ? '' : `, ${durationOf(leftMs)} to go`},`
}

function durationOf(ms: number): string {
  if (ms < 120_000) return `${(ms / 1000).toFixed(1)} s`
  return ms < 7_200_000 ? `${Math.round(ms / 60_000)} min` : `${(ms / 3_600_000).toFixed(1)} h`
}
