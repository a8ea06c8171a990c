/** Where jobs of a sweep are submitted to. A place renders files and says which commands submit them; nothing is rendered twice. */
import { createHash } from 'node:crypto'
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { writing } from '@hearsay/results'

/** What one job may take, and how many are done at once. */
export interface Demands {
  readonly atOnce: number
  /** As Slurm has it: minutes, or hours:minutes:seconds. */
  readonly time: string
  readonly memoryMb: number
  readonly cpus: number
}

export interface ToSubmit extends Demands {
  /** Of the sweep, absolute. */
  readonly folder: string
  /** Of the scenario, as a name that every place takes. */
  readonly name: string
  /** Numbers of jobs, ascending. */
  readonly indexes: readonly number[]
  /** How this program is begun, word by word. */
  readonly program: readonly string[]
}

/** A file in the sweep's folder, by its path there. */
export interface Rendered {
  readonly path: string
  readonly text: string
}

/** Whom a sweep is submitted to, and what that place must know. */
export type Place =
  | ({ readonly to: 'slurm' } & SlurmOptions)
  | ({ readonly to: 'kubernetes' } & KubernetesOptions)
  | { readonly to: 'local' }

export interface SlurmOptions {
  /** The most jobs of an array. */
  readonly array: number
  readonly partition?: string
  readonly account?: string
}

export interface KubernetesOptions {
  /** Of the container: has this program as `hearsay`. */
  readonly image: string
  /** Of the volume in which the sweep's folder is. */
  readonly claim: string
  /** Of the sweep's folder in the volume; its root when left out. */
  readonly path?: string
  readonly namespace?: string
}

/** What was submitted, as `submissions.jsonl` has it. */
export interface Submitted {
  readonly place: Place
  readonly at: string
  /** What the place calls it, for `cancel`. */
  readonly ids: readonly string[]
  readonly jobs: number
  readonly demands: Demands
}

/** Names as Slurm and Kubernetes take them. */
export function placeName(scenario: string): string {
  const plain = scenario.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')
  return `hearsay-${plain.slice(0, 40).replaceAll(/^-+|-+$/g, '') || 'sweep'}`
}

/** Of what is submitted now of the sweep in a folder: nothing that was submitted before, of this one or another, has it. */
export function submissionName(scenario: string, folder: string): string {
  const digest = createHash('sha256').update(folder).digest('hex').slice(0, 6)
  return `${placeName(scenario)}-${digest}-${submittedBefore(folder).length + 1}`
}

/** Numbers in ranges, as Slurm takes them: 0-3,7. `indexes` are ascending. */
export function inRanges(indexes: readonly number[]): string {
  const ranges: [number, number][] = []
  for (const index of indexes) {
    const last = ranges.at(-1)
    if (last !== undefined && last[1] === index - 1) last[1] = index
    else ranges.push([index, index])
  }
  return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(',')
}

/** Throws RunError `write-failed`. */
export function writeRendered(folder: string, files: readonly Rendered[]): void {
  for (const { path, text } of files) {
    const file = join(folder, path)
    writing(file, () => {
      mkdirSync(resolve(file, '..'), { recursive: true })
      writeFileSync(file, text)
    })
  }
}

const submissions = 'submissions.jsonl'

export function recordSubmitted(folder: string, submitted: Submitted): void {
  const file = join(folder, submissions)
  writing(file, () => appendFileSync(file, `${JSON.stringify(submitted)}\n`))
}

/** Oldest first. */
export function submittedBefore(folder: string): Submitted[] {
  const file = join(folder, submissions)
  if (!existsSync(file)) return []
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean)
  return lines.map((line) => JSON.parse(line) as Submitted)
}
