import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { jobsIn, type LoggedJob, type RunLog } from '../logged-run.ts'
import { writeWhole, writing } from '../write-whole.ts'
import {
  experimentRecord,
  type Hyperparameters,
  picturesRecord,
  scalarsRecord,
  sessionEndRecord,
  sessionStartRecord,
  versionRecord,
} from './tf-events.ts'

/**
 * Event files for TensorBoard, in `tensorboard` of the folder of the run: of each cell and seed a folder with scalars by round and its
 * hyperparameters, and above them a file with the pictures and what the hyperparameters are. Only those are told that cells differ in.
 * The time of a round is the beginning of the run and as many seconds as its number: its real time is of no account.
 */
export const tensorboard: RunLog = {
  name: 'tensorboard',
  async write(run) {
    const folder = join(run.path, 'tensorboard')
    writing(folder, () => rmSync(folder, { recursive: true, force: true }))
    const jobs = jobsIn(run)
    const told = differing(jobs)
    const seconds = Date.parse(run.manifest.startedAt) / 1000
    const metrics = [...new Set(jobs.flatMap(({ rounds }) => rounds.flatMap(({ values }) => Object.keys(values))))]
    const pictures = run.pictures.map(({ name, png }) => ({ tag: name, png }))
    writeEvents(folder, seconds, [
      experimentRecord(seconds, told(jobs[0]), metrics),
      ...(pictures.length > 0 ? [picturesRecord({ seconds, step: 0 }, pictures)] : []),
    ])
    for (const job of jobs) {
      const last = seconds + Math.max(0, ...job.rounds.map(({ round }) => round))
      writeEvents(join(folder, fileNameOf(job.name)), seconds, [
        sessionStartRecord(seconds, told(job), job.name),
        ...job.rounds.map(({ round, values }) =>
          scalarsRecord(
            { seconds: seconds + round, step: round },
            Object.entries(values).map(([tag, value]) => ({ tag, value })),
          ),
        ),
        sessionEndRecord(last),
      ])
    }
    return `tensorboard --logdir ${folder}`
  },
}

function writeEvents(folder: string, seconds: number, records: readonly Uint8Array[]): void {
  writing(folder, () => mkdirSync(folder, { recursive: true }))
  const name = `events.out.tfevents.${Math.floor(seconds)}.hearsay`
  writeWhole(join(folder, name), Buffer.concat([versionRecord(seconds), ...records]))
}

/** What of their parameters, and of seeds, jobs differ in. */
function differing(jobs: readonly LoggedJob[]): (job: LoggedJob | undefined) => Hyperparameters {
  const all = jobs.map(({ parameters, seed }) => ({ ...parameters, seed }) as Hyperparameters)
  const names = [...new Set(all.flatMap((each) => Object.keys(each)))]
  const varied = names.filter((name) => new Set(all.map((each) => JSON.stringify(each[name]))).size > 1)
  return (job) => {
    const own: Hyperparameters = job === undefined ? {} : { ...job.parameters, seed: job.seed }
    return Object.fromEntries(varied.flatMap((name) => (own[name] === undefined ? [] : [[name, own[name]]])))
  }
}

/** Any disk takes it, and two differ as their labels do. */
function fileNameOf(name: string): string {
  return encodeURIComponent(name.replaceAll(' ', '_')).replaceAll('%', '=').slice(0, 200)
}
