// The folders of scripts are rooms too: what each may import, checked on the syntax tree of every script.
import { readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { isPastExports, type Manifest } from './dependencies.ts'
import { importsOf, roomOf } from './imports.ts'
import { manifestsOf } from './rooms.ts'
import { parse } from './syntax-tree.ts'

interface ScriptRoom {
  readonly imports: readonly string[]
  /** What it may import from outside scripts: everything, no package of ours, or nothing but Node. */
  readonly outside: 'all' | 'not ours' | 'node'
}

const scriptRooms: Readonly<Record<string, ScriptRoom>> = {
  // Runs before anything is installed.
  setup: { imports: [], outside: 'node' },
  // Reads the repository, also one that does not run.
  house: { imports: [], outside: 'not ours' },
  lab: { imports: ['house'], outside: 'all' },
  reference: { imports: ['house'], outside: 'all' },
}

/** The room of a script; undefined for what stands beside the rooms, and serves them all. */
const roomOfScript = (path: string): string | undefined => /^scripts\/([^/]+)\//.exec(path)?.[1]

/** What is wrong with one import of a script, if anything is. */
function judge(path: string, from: string, manifests: ReadonlyMap<string, Manifest>): string | undefined {
  const name = roomOfScript(path)
  const room = scriptRooms[name ?? '']
  if (name !== undefined && room === undefined) return 'is in no room of the list'
  if (from.startsWith('.')) {
    const target = posix.join(posix.dirname(path), from)
    const other = roomOfScript(target)
    if (!target.startsWith('scripts/')) return `imports ${from} by path; take what its package exports`
    const may = room === undefined || other === undefined || other === name || room.imports.includes(other)
    return may ? undefined : `imports the room ${other}`
  }
  if (room?.outside === 'node' && !from.startsWith('node:')) return `imports ${from}, which may not be installed yet`
  const ours = roomOf(from)
  if (ours === undefined) return undefined
  if (room?.outside === 'not ours') return `imports ${from}, which it should only read`
  const manifest = manifests.get(ours)
  if (manifest === undefined || isPastExports({ from }, manifest))
    return `imports ${from}, which its package does not export`
  return undefined
}

/** Everything that is wrong with what a script imports, a line each. */
export function checkScript(path: string, text: string, manifests: ReadonlyMap<string, Manifest>): string[] {
  return importsOf(parse(text)).flatMap(({ from }) => {
    const what = judge(path, from, manifests)
    return what === undefined ? [] : [`${path}: ${what}`]
  })
}

/** Checks all scripts of the repository. */
export function checkScripts(root: string): { files: number; violations: string[] } {
  const manifests = manifestsOf(root)
  const paths = readdirSync(join(root, 'scripts'), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|mjs)$/.test(name))
    .map((name) => posix.join('scripts', name.replaceAll('\\', '/')))
    .sort()
  const violations = paths.flatMap((path) => checkScript(path, readFileSync(join(root, path), 'utf8'), manifests))
  return { files: paths.length, violations }
}
