import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { arch, cpus, platform, release } from 'node:os'
import { join } from 'node:path'
import { eventsVersion } from '@hearsay/peer'

/** What a run was made with, so that it can be made again: `manifest.json`. */
export interface Manifest {
  readonly scenario: string
  readonly startedAt: string
  /** Null while the run goes on, and for ever when it was interrupted. */
  readonly endedAt: string | null
  /** How it ended; null while it goes on, and for ever when the process was killed. */
  readonly outcome: Outcome | null
  /** Of the resolved scenario and the files that it names, SHA-256, hexadecimal. */
  readonly digest: string
  /** Of the program. */
  readonly version: string
  /** Of the vocabulary of `events.jsonl`: docs/events.md. */
  readonly eventsVersion: number
  /** Of the program; null when it is installed, and no clone. */
  readonly commit: string | null
  readonly dirty: boolean | null
  /** SHA-256 of the clone's lockfile, hexadecimal; null when the program is installed. */
  readonly lockfile: string | null
  readonly engine: string
  readonly seeds: readonly number[]
  readonly commandLine: readonly string[]
  /** What jobs were asked for besides: updates and models kept, what peers say and hear among the events. */
  readonly archive?: boolean
  readonly trace?: boolean
  /** When somebody went on with it. */
  readonly resumedAt?: readonly string[]
  /** The folder that relative paths in `task` stand against, from that of the run. */
  readonly base?: string
  readonly node: string
  readonly platform: string
  readonly cpu: string
  readonly cores: number
}

export interface Outcome {
  /** `failed`: a job failed, or what was found could not be written. */
  readonly how: 'finished' | 'failed' | 'interrupted'
  /** Unless it finished. */
  readonly why?: string
}

export interface ManifestInput
  extends Pick<Manifest, 'scenario' | 'engine' | 'seeds' | 'commandLine' | 'archive' | 'trace' | 'base'> {
  /** The resolved scenario as YAML. */
  readonly resolved: string
  /** Files that the scenario names. */
  readonly extensions?: readonly { readonly name: string; readonly text: string }[]
}

const room = join(import.meta.dirname, '..')
/** Of a clone. Where the packages are installed there is none, and a repository around them is somebody else's. */
const lockfile = join(room, '../../pnpm-lock.yaml')
const isClone = existsSync(lockfile)

/** Adds what can be learnt from the machine and the program's folder. */
export function describeRun({ resolved, extensions = [], ...input }: ManifestInput, startedAt: Date): Manifest {
  const processors = cpus()
  const { version } = JSON.parse(readFileSync(join(room, 'package.json'), 'utf8')) as { readonly version: string }
  return {
    ...input,
    digest: createHash('sha256')
      .update(JSON.stringify([resolved, extensions]))
      .digest('hex'),
    startedAt: startedAt.toISOString(),
    endedAt: null,
    outcome: null,
    version,
    eventsVersion,
    commit: git('rev-parse', 'HEAD') ?? null,
    dirty: dirtyState(),
    lockfile: isClone ? createHash('sha256').update(readFileSync(lockfile)).digest('hex') : null,
    node: process.version,
    platform: `${platform()} ${release()} ${arch()}`,
    cpu: processors[0]?.model ?? 'unknown',
    cores: processors.length,
  }
}

function dirtyState(): boolean | null {
  const changes = git('status', '--porcelain', '--untracked-files=no')
  return changes === undefined ? null : changes !== ''
}

/** What git says about the program's clone; undefined without git or a clone. */
function git(...words: string[]): string | undefined {
  if (!isClone) return undefined
  try {
    return execFileSync('git', words, {
      cwd: import.meta.dirname,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim()
  } catch {
    return undefined
  }
}
