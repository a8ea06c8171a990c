/**
 * A run in an MLflow tracking server, by its REST API (2.0): an experiment of the name of the scenario, and in it an MLflow run for
 * each cell and seed, with parameters, metrics by round, and tags. Nothing of ours is asked for but this; pictures stay in the folder.
 */

import { jobsIn, type LoggedJob, type LoggedRun, type RunLog } from '../logged-run.ts'
import { RunError } from '../run-error.ts'

/** What one request takes, by the documentation of `runs/log-batch`. */
const mostMetrics = 1000
const mostParameters = 100
/** Of a value. */
const mostCharacters = 500
const timeoutMs = 30_000

/** @param url of the server, such as http://127.0.0.1:5000 */
export function mlflow(url: string): RunLog {
  const post = async (what: string, body: object, accept: readonly number[] = []): Promise<Record<string, unknown>> => {
    const place = `${url.replace(/\/+$/, '')}/api/2.0/mlflow/${what}`
    let response: Response
    try {
      response = await fetch(place, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(timeoutMs),
      })
    } catch (error) {
      throw failed(
        url,
        (error as Error).cause instanceof Error ? ((error as Error).cause as Error).message : String(error),
      )
    }
    const text = await response.text()
    if (!response.ok && !accept.includes(response.status))
      throw failed(url, `${what}: ${response.status} ${text.slice(0, 300)}`)
    try {
      return JSON.parse(text) as Record<string, unknown>
    } catch {
      throw failed(url, `${what}: its answer is no JSON`)
    }
  }
  return {
    name: 'mlflow',
    async write(run) {
      const experiment = await experimentOf(run, url, post)
      for (const job of jobsIn(run)) await writeJob(run, job, experiment, post)
      return `${url} has it, experiment ${run.summary.scenario}`
    },
  }
}

type Post = (what: string, body: object, accept?: readonly number[]) => Promise<Record<string, unknown>>

/** The one of this name, made if there is none. */
async function experimentOf({ summary }: LoggedRun, url: string, post: Post): Promise<string> {
  const found = await post('experiments/search', {
    max_results: 1,
    filter: `name = '${summary.scenario}'`,
    view_type: 'ALL',
  })
  const [known] = (found.experiments ?? []) as { readonly experiment_id?: string }[]
  if (known?.experiment_id !== undefined) return known.experiment_id
  const made = await post('experiments/create', { name: summary.scenario })
  if (typeof made.experiment_id !== 'string') throw failed(url, 'experiments/create: its answer has no experiment_id')
  return made.experiment_id
}

async function writeJob(
  { manifest, summary }: LoggedRun,
  job: LoggedJob,
  experiment_id: string,
  post: Post,
): Promise<void> {
  const start = Date.parse(manifest.startedAt)
  const tags = {
    'mlflow.note.content': summary.question,
    'mlflow.source.name': 'hearsay',
    'hearsay.version': manifest.version,
    'hearsay.engine': manifest.engine,
    'hearsay.digest': manifest.digest,
  }
  const made = await post('runs/create', {
    experiment_id,
    run_name: job.name,
    start_time: start,
    tags: Object.entries(tags).map(([key, value]) => ({ key, value })),
  })
  const { info } = (made.run ?? {}) as { readonly info?: { readonly run_id?: string } }
  const run_id = info?.run_id
  const params = Object.entries({ ...job.parameters, seed: job.seed }).map(([key, value]) => ({
    key,
    value: String(value).slice(0, mostCharacters),
  }))
  const metrics = job.rounds.flatMap(({ round, values }) =>
    Object.entries(values).map(([key, value]) => ({ key, value, step: round, timestamp: start + 1000 * round })),
  )
  for (const some of pieces(params, mostParameters)) await post('runs/log-batch', { run_id, params: some })
  for (const some of pieces(metrics, mostMetrics)) await post('runs/log-batch', { run_id, metrics: some })
  await post('runs/update', {
    run_id,
    status: 'FINISHED',
    end_time: Date.parse(manifest.endedAt ?? manifest.startedAt),
  })
}

function pieces<T>(list: readonly T[], most: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / most) }, (_, at) => list.slice(at * most, (at + 1) * most))
}

function failed(url: string, why: string): RunError {
  return new RunError('log-failed', `the run is whole, but --log mlflow=${url} did not take it: ${why}`)
}
