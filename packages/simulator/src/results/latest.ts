import { renameSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { writeWhole } from './write-whole.ts'

/** Points `root/latest` to the folder `name`: a link, or a file with the name in it where users may not make links. */
export function pointLatest(root: string, name: string, link: typeof symlinkSync = symlinkSync): void {
  const latest = join(root, 'latest')
  const temporary = `${latest}.${process.pid}.tmp`
  rmSync(temporary, { force: true })
  try {
    link(name, temporary, 'dir')
  } catch {
    // An old link must not be written through: it gives way to the file.
    rmSync(latest, { force: true })
    writeWhole(latest, `${name}\n`)
    return
  }
  renameSync(temporary, latest)
}
