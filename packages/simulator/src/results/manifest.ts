import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { arch, cpus, platform, release } from 'node:os'
import { dirname, join } from 'node:path'

/** What a run was made with, so that it can be made again: `manifest.json`. */
export interface Manifest {
  readonly scenario: string
  readonly startedAt: string
  /** Null while the run goes on, and for ever when it was interrupted. */
  readonly endedAt: string | null
  /** Of the program; null outside a git repository. */
  readonly commit: string | null
  readonly dirty: boolean | null
  /** SHA-256 of the lockfile, hexadecimal; null when there is none. */
  readonly lockfile: string | null
  readonly engine: string
  readonly seeds: readonly number[]
  readonly commandLine: readonly string[]
  readonly node: string
  readonly platform: string
  readonly cpu: string
  readonly cores: number
}

export type ManifestInput = Pick<Manifest, 'scenario' | 'engine' | 'seeds' | 'commandLine'>

/** Adds what can be learnt from the machine and the program's folder. */
export function describeRun(input: ManifestInput, startedAt: Date): Manifest {
  const root = findUp(import.meta.dirname, 'pnpm-lock.yaml')
  const processors = cpus()
  return {
    ...input,
    startedAt: startedAt.toISOString(),
    endedAt: null,
    commit: git('rev-parse', 'HEAD') ?? null,
    dirty: dirtyState(),
    lockfile: root === undefined ? null : createHash('sha256').update(readFileSync(root)).digest('hex'),
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

/** What git says about the program's folder; undefined without git or outside a repository. */
function git(...words: string[]): string | undefined {
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

function findUp(folder: string, name: string): string | undefined {
  const file = join(folder, name)
  if (existsSync(file)) return file
  const parent = dirname(folder)
  return parent === folder ? undefined : findUp(parent, name)
}
