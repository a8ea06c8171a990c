import { lstatSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { writeWhole } from './write-whole.ts'

/**
 * Points `root/latest` to the folder `name`: a link, or a file with the name in it where users may not make links. It is
 * a convenience, so nothing that keeps it from being made stops a run: gives why it does not lead there, if it does not.
 */
export function pointLatest(root: string, name: string, link: typeof symlinkSync = symlinkSync): string | undefined {
  const latest = join(root, 'latest')
  const temporary = `${latest}.${process.pid}.tmp`
  try {
    // As artifacts, archives and some copies leave it: what is in it is somebody's, and stays.
    if (lstatSync(latest, { throwIfNoEntry: false })?.isDirectory())
      return `${latest} is a folder, not a link, and does not lead to this run: remove it to have the link again`
    rmSync(temporary, { force: true, recursive: true })
    try {
      link(name, temporary, 'dir')
      renameSync(temporary, latest)
    } catch {
      // An old link must not be written through: it gives way to the file.
      rmSync(latest, { force: true })
      writeWhole(latest, `${name}\n`)
    }
    return undefined
  } catch (error) {
    return `${latest} does not lead to this run: ${(error as Error).message}`
  } finally {
    removeQuietly(temporary)
  }
}

function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true })
  } catch {
    // It is no more than a name that is in nobody's way.
  }
}
