/** Main file of a process that does jobs of a run, which its parent names one after the other; it ends when the parent goes. */
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Manifest } from '@hearsay/results'
import { RunError } from '@hearsay/results'
import { loadScenario } from '@hearsay/scenario'
import { jobsOf, runJob } from './job.ts'
import type { JobReply, JobSettings } from './job-process.ts'
import { saidByTrainer } from './progress.ts'
import { Tasks } from './tasks.ts'

const { run, originals, engine, trainers, archive, trace } = JSON.parse(process.argv[2]!) as JobSettings
const file = join(run, 'scenario.yaml')
const manifest = JSON.parse(readFileSync(join(run, 'manifest.json'), 'utf8')) as Manifest
const scenario = loadScenario(readFileSync(file, 'utf8'), { file, base: resolve(run, manifest.base ?? '') })
const jobs = new Map(jobsOf(scenario).map((job) => [job.name, job]))
const tell = (line: string): void => reply({ kind: 'progress', progress: saidByTrainer(line) })
const tasks = new Tasks(engine, { ...scenario, cells: [] }, undefined, trainers, tell)

function reply(message: JobReply): void {
  if (process.connected) process.send!(message)
}

process.on('message', async (name: string) => {
  const { extensions } = scenario
  try {
    const result = await runJob(jobs.get(name)!, {
      run,
      head: manifest,
      extensions,
      originals,
      tasks,
      archive,
      trace,
      onProgress: (progress) => reply({ kind: 'progress', progress }),
    })
    reply({ kind: 'done', result })
  } catch (error) {
    // Anything else is a bug, and ends the process with its stack.
    if (!(error instanceof RunError)) throw error
    const { code, path, syscall } = (error.cause ?? {}) as NodeJS.ErrnoException
    reply({ kind: 'refused', message: error.message, cause: { code, path, syscall } })
  }
})
// Ends its training processes too.
process.on('disconnect', () => process.exit())
// Ctrl-C reaches every process of the terminal; the parent decides when its children end.
process.on('SIGINT', () => {})
