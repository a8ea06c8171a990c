import { type Dirent, existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { badData, DataError } from '../format/data-error.ts'
import type { DataContext } from '../format/format.ts'

export interface ImageFile {
  readonly file: string
  /** Of its folder, which is its class. */
  readonly name: string
}

const mostFiles = 10_000_000

/** The pictures of a folder of folders, by class and name, in code units. Throws DataError. */
export async function imageFiles(folder: string, { teller }: DataContext): Promise<ImageFile[]> {
  const classes = (await list(folder)).filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
  if (classes.length === 0)
    throw badData(folder, 'there is no folder in it; make one for each class, and put its pictures there')
  const found: ImageFile[] = []
  let others = 0
  for (const { name } of classes) {
    const entries = (await list(join(folder, name))).filter((entry) => !entry.isDirectory())
    const pictures = entries.filter((entry) => /\.(png|jpe?g)$/i.test(entry.name))
    others += entries.length - pictures.length
    for (const entry of pictures) found.push({ file: join(folder, name, entry.name), name })
    if (found.length > mostFiles) throw badData(folder, `more than ${mostFiles} pictures; divide the folder`)
  }
  if (others > 0) teller?.note(`${folder}: ${others} files are neither .png nor .jpg, and left out`)
  if (found.length === 0)
    throw badData(folder, 'its folders have no .png and no .jpg; put the pictures of each class there')
  return found
}

async function list(folder: string): Promise<Dirent[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true })
    return entries.filter(({ name }) => !name.startsWith('.')).sort((a, b) => (a.name < b.name ? -1 : 1))
  } catch (cause) {
    const why = existsSync(folder) ? 'it is no folder that can be read' : 'there is no such folder'
    throw new DataError('data-missing', `${folder}: ${why}; correct the path.`, { cause })
  }
}
