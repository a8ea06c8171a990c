/**
 * A run in Trackio's own files, by its documented schema (huggingface.co/docs/trackio/storage_schema): in `trackio` of the
 * folder of the run a database of the name of the scenario, and in it a run for each cell and seed, with metrics by round and
 * all parameters. Only the tables that it documents for these; it makes the rest itself when it opens the file.
 */
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { jobsIn, type LoggedRun, type RunLog } from '../logged-run.ts'
import { RunError } from '../run-error.ts'
import { writing } from '../write-whole.ts'

const schema = `
CREATE TABLE metrics (id INTEGER PRIMARY KEY AUTOINCREMENT, timestamp TEXT NOT NULL, run_name TEXT NOT NULL, step INTEGER NOT NULL,
  metrics TEXT NOT NULL);
CREATE INDEX idx_metrics_run_step ON metrics(run_name, step);
CREATE INDEX idx_metrics_run_timestamp ON metrics(run_name, timestamp);
CREATE TABLE configs (id INTEGER PRIMARY KEY AUTOINCREMENT, run_name TEXT NOT NULL, config TEXT NOT NULL, created_at TEXT NOT NULL,
  UNIQUE(run_name));
CREATE INDEX idx_configs_run_name ON configs(run_name);`

export const trackio: RunLog = {
  name: 'trackio',
  async write(run) {
    const sqlite = await import('node:sqlite').catch((cause: unknown) => {
      throw new RunError(
        'log-failed',
        'the run is whole, but --log trackio needs Node 22.13 or newer, which has SQLite',
        {
          cause,
        },
      )
    })
    const folder = join(run.path, 'trackio')
    const file = join(folder, `${projectOf(run)}.db`)
    writing(folder, () => {
      rmSync(folder, { recursive: true, force: true })
      mkdirSync(folder)
    })
    writing(file, () => {
      const database = new sqlite.DatabaseSync(file)
      try {
        fill(database, run)
      } finally {
        database.close()
      }
    })
    return `TRACKIO_DIR=${folder} trackio show --project ${projectOf(run)}`
  },
}

/** Trackio names the file of a project by letters, digits, - and _, which is all that names of scenarios have. */
function projectOf({ summary }: LoggedRun): string {
  return summary.scenario.replaceAll(/[^A-Za-z0-9_-]/g, '') || 'default'
}

interface Database {
  exec(sql: string): void
  prepare(sql: string): { run(...values: (string | number)[]): unknown }
}

function fill(database: Database, run: LoggedRun): void {
  const { startedAt, version, engine, digest } = run.manifest
  const startMs = Date.parse(startedAt)
  database.exec(`BEGIN; ${schema}`)
  const config = database.prepare('INSERT INTO configs (run_name, config, created_at) VALUES (?, ?, ?)')
  const metrics = database.prepare('INSERT INTO metrics (timestamp, run_name, step, metrics) VALUES (?, ?, ?, ?)')
  for (const { name, seed, parameters, rounds } of jobsIn(run)) {
    config.run(name, JSON.stringify({ ...parameters, seed, hearsay: { version, engine, digest } }), startedAt)
    // As for TensorBoard: a round's real time is of no account.
    for (const { round, values } of rounds)
      metrics.run(new Date(startMs + 1000 * round).toISOString(), name, round, JSON.stringify(values))
  }
  database.exec('COMMIT')
}
