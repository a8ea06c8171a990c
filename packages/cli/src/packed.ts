/** A run as one file: what is packed here, and what comes from others, which is hostile. */
import { mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { CommandError } from './command-error.ts'

/** More than that is no run: an archive may be small, and what is in it not. */
const mostBytes = 16 * 1024 ** 3
const mostFiles = 1_000_000

/** Writes the folder as a compressed tar, whole or not at all. The same bytes of equal folders, but for times of files. */
export async function pack(folder: string, file: string): Promise<void> {
  const { create } = await import('tar')
  const temporary = `${file}.${process.pid}.tmp`
  try {
    await create({ gzip: true, file: temporary, cwd: dirname(folder), portable: true }, [basename(folder)])
    renameSync(temporary, file)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}

/** Does something with the folder of a run; of a packed one, with what is in it, in a folder that goes afterwards. */
export async function inFolder<T>(run: string, use: (folder: string) => Promise<T>): Promise<T> {
  if (statSync(run, { throwIfNoEntry: false })?.isFile() !== true) return use(run)
  const root = mkdtempSync(join(tmpdir(), 'hearsay-packed-'))
  try {
    await unpack(run, root)
    const [only, other] = readdirSync(root)
    if (only === undefined || other !== undefined) throw new CommandError(`${run}: it is not what hearsay pack makes`)
    return await use(join(root, only))
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}

/** Files and folders only, inside of the root, and no more of them than a run has. */
async function unpack(file: string, root: string): Promise<void> {
  const { extract } = await import('tar')
  let [bytes, files] = [0, 0]
  // What is thrown in the filter nobody catches: it is told once the rest is read over.
  let wrong: string | undefined
  const isRight = (path: string, { type, size }: { type?: string; size: number }): boolean => {
    bytes += size
    if (type !== 'File' && type !== 'Directory') wrong ??= `${path} in it is no file`
    else if (bytes > mostBytes || ++files > mostFiles) wrong ??= 'there is more in it than a run has'
    return wrong === undefined
  }
  try {
    await extract({ file, cwd: root, strict: true, filter: (path, entry) => isRight(path, entry as { size: number }) })
  } catch (error) {
    throw new CommandError(`${file}: it is not what hearsay pack makes: ${(error as Error).message}`)
  }
  if (wrong !== undefined) throw new CommandError(`${file}: ${wrong}`)
}
