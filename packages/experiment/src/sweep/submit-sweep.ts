import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join, resolve } from 'node:path'
import { RunError } from '@hearsay/results'
import { renderKubernetes } from './kubernetes.ts'
import { renderSlurm } from './slurm.ts'
import { type Place, type Rendered, type ToSubmit, writeRendered } from './submission.ts'

/** What a place is given: files, and the commands that submit them, in words for people. */
export interface Plan {
  readonly files: readonly Rendered[]
  readonly commands: readonly string[]
}

export function planSubmission(sweep: ToSubmit, place: Place): Plan {
  if (place.to === 'slurm') {
    const { arrays, collect } = renderSlurm(sweep, place)
    const commands = arrays.map(({ path }) => `sbatch ${path}`)
    return { files: [...arrays, collect], commands: [...commands, `sbatch --dependency=afterany:IDS ${collect.path}`] }
  }
  if (place.to === 'kubernetes') {
    const file = renderKubernetes(sweep, place)
    return { files: [file], commands: [`kubectl apply -f ${file.path}`] }
  }
  return { files: [], commands: [localWords(sweep).join(' ')] }
}

/**
 * Writes the files and submits them: gives what the place calls what it was given. Throws RunError `not-submitted` with what the
 * place's command says.
 */
export function submit(sweep: ToSubmit, place: Place): string[] {
  const { files } = planSubmission(sweep, place)
  writeRendered(sweep.folder, files)
  mkdirSync(join(sweep.folder, 'logs'), { recursive: true })
  if (place.to === 'local') return [startHere(sweep)]
  if (place.to === 'kubernetes') {
    command(sweep.folder, 'kubectl', ['apply', '-f', files[0]!.path])
    return [files[0]!.path]
  }
  const ids = files.slice(0, -1).map(({ path }) => command(sweep.folder, 'sbatch', ['--parsable', path]).split(';')[0]!)
  const after = `--dependency=afterany:${ids.join(':')}`
  const collect = command(sweep.folder, 'sbatch', ['--parsable', after, files.at(-1)!.path])
  return [...ids, collect.split(';')[0]!]
}

/** Takes back what was submitted, as far as it has not ended. Throws as `submit`. */
export function cancel(folder: string, to: string, ids: readonly string[]): void {
  if (to === 'slurm') command(folder, 'scancel', ['--quiet', ...ids])
  else if (to === 'kubernetes') command(folder, 'kubectl', ['delete', '--ignore-not-found', '-f', ids[0]!])
  else stop(folder, Number(ids[0]))
}

/** Only the process that is at the folder, or about to be: its number may be that of something else by now. */
function stop(folder: string, pid: number): void {
  if (!(wordsOf(pid)?.includes(resolve(folder)) ?? holdsLock(folder, pid))) return
  try {
    process.kill(pid, 'SIGTERM')
  } catch {
    // It has ended by itself.
  }
}

/** With which a process was begun; undefined where the system does not tell, or it has ended. */
function wordsOf(pid: number): string[] | undefined {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
  } catch {
    return undefined
  }
}

function holdsLock(folder: string, pid: number): boolean {
  const lock = join(folder, 'lock')
  return existsSync(lock) && readFileSync(lock, 'utf8').startsWith(`${pid} on ${hostname()}\n`)
}

function localWords({ program, folder, atOnce }: ToSubmit): string[] {
  return [...program, 'run', '--resume', folder, '--jobs', String(atOnce)]
}

/** A process of its own, which goes on when this one has ended; its words are in the log. */
function startHere(sweep: ToSubmit): string {
  const [file, ...words] = localWords(sweep)
  const log = openSync(join(sweep.folder, 'logs', 'local.log'), 'a')
  const child = spawn(file!, words, { detached: true, stdio: ['ignore', log, log] })
  child.unref()
  return String(child.pid)
}

function command(folder: string, file: string, words: readonly string[]): string {
  try {
    return execFileSync(file, words, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim()
  } catch (error) {
    const { code, stderr } = error as NodeJS.ErrnoException & { stderr?: string }
    const why = code === 'ENOENT' ? 'there is no such command on this machine' : String(stderr ?? error).trim()
    throw new RunError('not-submitted', `${file} ${words.join(' ')}: ${why}`, { cause: error })
  }
}
