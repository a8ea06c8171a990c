// Circles of imports, of files and of folders; types count. Tests and what only they use are left out.
import { posix } from 'node:path'

/** What imports what: each key is a file or folder. */
export type Arrows = ReadonlyMap<string, ReadonlySet<string>>

/**
 * The arrows between the folders of files. What stands in a folder that has others in it is a room like them, but for a
 * package's index.ts, which is its door: it is left out.
 */
export function foldersOf(files: Arrows): Arrows {
  const folders = new Map<string, Set<string>>()
  for (const [file, imported] of files) {
    if (isDoor(file)) continue
    const folder = posix.dirname(file)
    for (const other of imported) {
      if (isDoor(other) || posix.dirname(other) === folder) continue
      folders.set(folder, (folders.get(folder) ?? new Set()).add(posix.dirname(other)))
    }
  }
  return folders
}

const isDoor = (file: string): boolean => /^packages\/[^/]+\/src\/index\.ts$/.test(file)

/** The circles, each told as its shortest way round. */
export function circlesOf(arrows: Arrows): string[] {
  const found: string[] = []
  const told = new Set<string>()
  for (const start of [...arrows.keys()].sort()) {
    if (told.has(start)) continue
    const way = circleFrom(start, arrows)
    if (way === undefined) continue
    for (const each of way) told.add(each)
    found.push(`a circle of imports: ${way.join(' → ')}`)
  }
  return found
}

/** The shortest way from here to here, if there is one. */
function circleFrom(start: string, arrows: Arrows): string[] | undefined {
  const ways = [...(arrows.get(start) ?? [])].sort().flatMap((next) => {
    const back = wayBetween(next, start, arrows)
    return back === undefined ? [] : [[start, ...back]]
  })
  return ways.sort((a, b) => a.length - b.length)[0]
}

/** Both ends are of the way. */
function wayBetween(from: string, to: string, arrows: Arrows): string[] | undefined {
  const cameFrom = new Map<string, string | undefined>([[from, undefined]])
  for (const [at] of cameFrom) {
    if (at === to) {
      const way: string[] = []
      for (let step: string | undefined = at; step !== undefined; step = cameFrom.get(step)) way.unshift(step)
      return way
    }
    for (const next of [...(arrows.get(at) ?? [])].sort()) if (!cameFrom.has(next)) cameFrom.set(next, at)
  }
  return undefined
}
