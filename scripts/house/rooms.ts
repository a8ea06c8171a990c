// The arrows between rooms and the bans of each room, checked on the syntax tree of every source file.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { basename, join, posix } from 'node:path'
import type { Arrows } from './circles.ts'
import { isEntry, isPastExports, type Manifest, unusedDependencies } from './dependencies.ts'
import { type Import, importOf, importsOf, literal, nameOf, packageOf, roomOf, textsOf } from './imports.ts'
import { isNode, type Node, parse, visit } from './syntax-tree.ts'

/** A room, and which rooms it may import. */
interface Room {
  readonly imports: readonly string[]
  /** Rooms of which it may import types only: their ports. */
  readonly typesOf?: readonly string[]
  /** What Node offers that it may use: module to names. Without this, anything. */
  readonly node?: Readonly<Record<string, readonly string[]>>
  /** No clock, timers, IO, or functions whose last bit differs between machines. */
  readonly pure?: true
  /** No async, await, promise. */
  readonly synchronous?: true
}

export const rooms: Readonly<Record<string, Room>> = {
  catalogue: {
    imports: [],
    node: {
      'node:crypto': ['createHash'],
      'node:module': ['createRequire', 'registerHooks'],
      'node:vm': ['runInNewContext'],
    },
    pure: true,
  },
  // Of its workers only: docs/decisions/0010-workers-belong-to-the-caller.md.
  aggregation: { imports: ['catalogue'], node: { 'node:worker_threads': ['parentPort'] }, pure: true },
  protocol: {
    imports: ['catalogue', 'aggregation'],
    node: { 'node:crypto': ['createHash', 'hash'] },
    pure: true,
    synchronous: true,
  },
  data: { imports: ['catalogue'] },
  trust: { imports: ['catalogue'], node: {}, pure: true, synchronous: true },
  training: { imports: ['catalogue', 'data'], typesOf: ['aggregation', 'protocol'] },
  peer: { imports: ['aggregation', 'protocol'] },
  libp2p: { imports: ['catalogue', 'aggregation', 'protocol', 'peer'] },
  virtual: { imports: ['catalogue', 'aggregation', 'protocol', 'peer'] },
  ledger: { imports: ['catalogue', 'aggregation', 'protocol', 'trust', 'peer', 'libp2p'] },
  home: { imports: ['catalogue', 'aggregation', 'protocol', 'peer', 'libp2p', 'ledger'] },
  adversary: { imports: ['catalogue', 'aggregation', 'protocol'] },
  scenario: {
    imports: ['catalogue', 'aggregation', 'protocol', 'data', 'training', 'trust', 'peer', 'virtual', 'adversary'],
  },
  results: {
    imports: ['catalogue', 'aggregation', 'protocol', 'data', 'training', 'peer', 'ledger', 'adversary', 'scenario'],
  },
  experiment: {
    imports: [
      'catalogue',
      'aggregation',
      'protocol',
      'data',
      'training',
      'peer',
      'libp2p',
      'virtual',
      'ledger',
      'home',
      'adversary',
      'scenario',
      'results',
    ],
  },
  cli: {
    imports: [
      'catalogue',
      'aggregation',
      'protocol',
      'data',
      'training',
      'trust',
      'peer',
      'ledger',
      'home',
      'adversary',
      'scenario',
      'results',
      'experiment',
    ],
  },
}

/** Packages that belong to one room. */
const owned: readonly (readonly [RegExp, string])[] = [
  [/^@tensorflow\//, 'training'],
  [/^(libp2p$|@libp2p\/|@chainsafe\/libp2p-)/, 'libp2p'],
]

/** What any test may import, from the root's devDependencies. */
const testPackages = ['vitest', 'fast-check']
const linesLimit = 400
const bannedNames = ['util', 'utils', 'common', 'helper', 'helpers', 'core', 'manager', 'managers']
const impureGlobals =
  /^(Date|performance|setTimeout|setInterval|setImmediate|queueMicrotask|process|console|crypto|fetch|globalThis)$/
/** The standard leaves the last bits of these to the engine. */
const inexact = /^(a?sin|a?cos|a?tan|atan2|a?sinh|a?cosh|a?tanh|exp|expm1|log|log1p|log2|log10|pow|cbrt|hypot|random)$/
/** Puts a stream of the run's seed in its place, while libraries draw from it. */
const seeded = 'packages/training/src/autodiff/seeded.ts'

export interface SourceFile {
  readonly room: string
  /** From the root of the repository, with forward slashes. */
  readonly path: string
  readonly text: string
  readonly program: Node
}

export const sourceFile = (room: string, path: string, text: string): SourceFile => ({
  room,
  path,
  text,
  program: parse(text, path.endsWith('.js') ? 'js' : 'ts'),
})

/** Test files, and folders of what only tests use. */
export const isTest = (path: string): boolean => /\.(test|bench)\.ts$|\/testing\//.test(path)
const isGenerated = (path: string): boolean => /\.(pb|wasm)\.(d\.)?(ts|js)$/.test(path)

/** What is wrong with one import, if anything is. */
function judgeImport(each: Import, file: SourceFile, manifest: Manifest): string | undefined {
  const { from } = each
  const room = rooms[file.room] as Room
  const test = isTest(file.path)
  if (from.startsWith('.')) {
    const target = posix.join(posix.dirname(file.path), from)
    if (!target.startsWith(`packages/${file.room}/`)) return `imports ${from}, which is in another room`
    if (!test && isTest(target)) return `imports ${from}, which is for tests`
    return undefined
  }
  if (from.startsWith('/')) return `imports the absolute path ${from}`
  if (from.startsWith('node:')) {
    if (test || room.node === undefined) return undefined
    const allowed = room.node[from]
    const beyond = each.names?.filter((name) => !allowed?.includes(name)) ?? ['*']
    return allowed === undefined || beyond.length > 0 ? `imports ${beyond.join(', ')} of ${from}` : undefined
  }
  if (builtinModules.includes(from)) return `imports ${from} without node:`
  const other = roomOf(from)
  if (other !== undefined) {
    if (room.typesOf?.includes(other)) {
      if (!each.typesOnly) return `imports more than types of the room ${other}`
    } else if (!room.imports.includes(other)) return `imports the room ${other}`
    if (!test && /\/testing(\/|$)/.test(from)) return `imports ${from}, which is for tests`
  }
  const owner = owned.find(([pattern]) => pattern.test(from))?.[1]
  if (owner !== undefined && owner !== file.room) return `imports ${from}, which only the room ${owner} may`
  const name = packageOf(from)
  if (name in { ...manifest.dependencies, ...manifest.optionalDependencies, ...manifest.peerDependencies })
    return undefined
  if (test && (testPackages.includes(name) || name in (manifest.devDependencies ?? {}))) return undefined
  return `imports ${name}, which is not among the dependencies in its package.json`
}

/** What is wrong with the use of a name of the language or the platform. */
function judgeName(node: Node, parent: Node | undefined, key: string, room: Room, path: string): string | undefined {
  const test = isTest(path)
  if (node.type !== 'Identifier') return undefined
  const isLabel =
    (key === 'property' && parent?.type === 'MemberExpression' && parent.computed !== true) ||
    (key === 'key' && parent?.computed !== true && parent?.shorthand !== true) ||
    (key === 'right' && parent?.type === 'TSQualifiedName') ||
    key === 'imported' ||
    key === 'exported'
  if (isLabel) return undefined
  const name = String(node.name)
  if (name === 'Math') {
    const plain = parent?.type === 'MemberExpression' && key === 'object' && parent.computed !== true
    const used = plain ? nameOf(parent.property) : undefined
    if (used === undefined) return 'uses Math otherwise than as Math.name'
    if (used === 'random' && path !== seeded) return "uses Math.random; take a stream of the run's seed"
    if (room.pure && !test && inexact.test(used)) return `uses Math.${used}, whose last bits differ between machines`
  }
  if (path.endsWith('.test.ts') && /^set(Timeout|Interval)$/.test(name)) return `uses ${name}; a test waits for events`
  if (test) return undefined
  if (room.pure && impureGlobals.test(name)) return `uses ${name}`
  if (room.synchronous && name === 'Promise') return 'uses Promise'
  return undefined
}

/** What is wrong with a construct of the language. */
function judgeSyntax(node: Node, room: Room, test: boolean): string | undefined {
  if (node.type === 'TSEnumDeclaration') return 'has an enum'
  if (node.type === 'TSModuleDeclaration' && node.kind !== 'global' && literal(node.id) === undefined)
    return 'has a namespace'
  if (node.type === 'TSAnyKeyword') return 'uses the type any'
  if (node.type === 'TSParameterProperty') return 'has a parameter property'
  if (node.type === 'ExportDefaultDeclaration') return 'has a default export'
  if (node.type === 'ClassDeclaration' && /(Utils?|Helpers?|Manager)$/.test(nameOf(node.id) ?? '')) {
    return `names a class ${nameOf(node.id)}`
  }
  if (node.type === 'VariableDeclarator' && /^[A-Z][A-Z0-9_]+$/.test(nameOf(node.id) ?? ''))
    return `names a constant ${nameOf(node.id)}, in another case than the others`
  if (test) return undefined
  if (node.type === 'ImportExpression' && literal(node.source) === undefined) return 'imports a computed name'
  const waits = node.async === true || node.type === 'AwaitExpression' || node.await === true
  if (room.synchronous && waits) return 'is asynchronous'
  const constant =
    isNode(node.left) && node.left.type === 'Literal' && isNode(node.right) && node.right.type === 'Literal'
  if (room.pure && !constant && (node.operator === '**' || node.operator === '**='))
    return 'uses **, whose last bits differ between machines'
  return undefined
}

/** What is wrong with the file's name and size. */
function judgeShape(file: SourceFile, program: Node): string[] {
  const found: string[] = []
  const name = basename(file.path)
  const inRoom = file.path.split('/').slice(2)
  if (!/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+)*\.(ts|js)$/.test(name)) found.push('is not named in kebab-case')
  // The noun of a name comes last: `common-subset` is a subset, `subset-utils` is nothing.
  for (const noun of inRoom.map((each) => each.split('.')[0]?.split('-').pop() ?? '')) {
    if (bannedNames.includes(noun)) found.push(`is called "${noun}", which says nothing`)
  }
  const lines = file.text.trimEnd().split('\n').length
  if (lines > linesLimit) found.push(`has ${lines} lines, more than ${linesLimit}`)
  // `export {}` is how an empty file says that it is a module.
  const says = (each: Node) => each.declaration !== null || (each.specifiers as unknown[] | undefined)?.length !== 0
  const statements = (program.body as Node[]).filter(says)
  const onlyPasses = statements.every((each) => each.type.startsWith('Export') && literal(each.source) !== undefined)
  if (name === 'index.ts' && !onlyPasses) found.push('has more than re-exports')
  return found
}

/** Everything that is wrong with a source file, a line each: `path:line: what`. */
export function checkFile(file: SourceFile, manifest: Manifest): string[] {
  const room = rooms[file.room]
  if (room === undefined) return [`${file.path}: the room ${file.room} is not in the list of rooms`]
  const { program } = file
  const test = isTest(file.path)
  const generated = isGenerated(file.path)
  const found = generated ? [] : judgeShape(file, program).map((what) => `${file.path}: ${what}`)
  visit(program, (node, parent, key) => {
    const line = file.text.slice(0, node.start).split('\n').length
    const say = (what: string | undefined) => {
      if (what !== undefined) found.push(`${file.path}:${line}: ${what}`)
    }
    const imported = importOf(node)
    if (imported !== undefined) say(judgeImport(imported, file, manifest))
    if (generated) return
    say(judgeName(node, parent, key, room, file.path))
    say(judgeSyntax(node, room, test))
  })
  return found
}

/** Everything that is wrong with a room's dependencies, and with what it gives others. */
export function checkManifest(name: string, manifest: Manifest): string[] {
  const room = rooms[name]
  if (room === undefined) return [`packages/${name}: is not in the list of rooms`]
  const found: string[] = []
  const published = Object.keys(manifest.publishConfig?.exports ?? {})
  const exported = Object.keys(manifest.exports ?? {}).filter((entry) => !entry.startsWith('./testing'))
  if (exported.join() !== published.join())
    found.push(`packages/${name}/package.json: publishes not just what it exports, without what is for tests`)
  for (const dependency of Object.keys({
    ...manifest.dependencies,
    ...manifest.optionalDependencies,
    ...manifest.devDependencies,
  })) {
    const other = roomOf(dependency)
    const owner = owned.find(([pattern]) => pattern.test(dependency))?.[1]
    const allowed = [...room.imports, ...(room.typesOf ?? [])]
    if (other !== undefined && !allowed.includes(other))
      found.push(`packages/${name}/package.json: depends on the room ${other}`)
    if (owner !== undefined && owner !== name) {
      found.push(`packages/${name}/package.json: depends on ${dependency}, which only the room ${owner} may`)
    }
  }
  return found
}

/** The rooms of the repository: the folders of its packages. */
export function roomsOf(root: string): string[] {
  return readdirSync(join(root, 'packages'))
    .sort()
    .filter((room) => existsSync(join(root, 'packages', room, 'package.json')))
}

/** The package.json of each room. */
export function manifestsOf(root: string): Map<string, Manifest> {
  const read = (room: string): string => readFileSync(join(root, 'packages', room, 'package.json'), 'utf8')
  return new Map(roomsOf(root).map((room) => [room, JSON.parse(read(room)) as Manifest]))
}

/** The sources of a room, in order. */
export function sourcesOf(root: string, room: string): SourceFile[] {
  const names = readdirSync(join(root, 'packages', room, 'src'), { recursive: true, encoding: 'utf8' })
  return names
    .filter((each) => /\.[jt]s$/.test(each))
    .sort()
    .map((name) => {
      const path = posix.join('packages', room, 'src', name.replaceAll('\\', '/'))
      return sourceFile(room, path, readFileSync(join(root, path), 'utf8'))
    })
}

/** What each shipped file imports of its own room. */
export function arrowsOf(files: readonly SourceFile[]): Arrows {
  const shipped = files.filter(({ path }) => !isTest(path))
  return new Map(
    shipped.map(({ path, program }) => {
      const relative = importsOf(program).filter(({ from }) => from.startsWith('.'))
      return [path, new Set(relative.map(({ from }) => posix.join(posix.dirname(path), from)))]
    }),
  )
}

/** Files that would be shipped though nothing shipped uses them. */
function unreached(files: readonly SourceFile[], manifest: Manifest, texts: ReadonlySet<string>): string[] {
  const imported = new Set([...arrowsOf(files).values()].flatMap((each) => [...each]))
  const isReached = ({ room, path }: SourceFile): boolean =>
    imported.has(path) ||
    isEntry(path.replace(`packages/${room}`, '.'), manifest) ||
    // A program of its own, or a worker.
    [...texts].some(
      (text) => /^\.\//.test(text) && posix.join(posix.dirname(path), text) === path.replace(/\.[jt]s$/, ''),
    )
  return files
    .filter((file) => !isTest(file.path) && !isGenerated(file.path) && !isReached(file))
    .map(({ path }) => `${path}: nothing that is shipped uses it; what tests use is in a folder testing`)
}

/** Checks all rooms of the repository. */
export function checkRooms(root: string): { files: number; violations: string[] } {
  const manifests = manifestsOf(root)
  const violations: string[] = []
  const all: SourceFile[] = []
  for (const [room, manifest] of manifests) {
    const files = sourcesOf(root, room)
    all.push(...files)
    violations.push(...checkManifest(room, manifest), ...files.flatMap((file) => checkFile(file, manifest)))
    const texts = { shipped: new Set<string>(), tests: new Set<string>() }
    for (const { path, program } of files)
      for (const text of textsOf(program)) texts[isTest(path) ? 'tests' : 'shipped'].add(text)
    violations.push(...unreached(files, manifest, texts.shipped))
    for (const name of unusedDependencies(manifest, texts))
      violations.push(`packages/${room}/package.json: depends on ${name}, which is not used`)
  }
  for (const { path, program } of all)
    for (const each of importsOf(program)) {
      const other = manifests.get(roomOf(each.from) ?? '')
      if (other !== undefined && isPastExports(each, other))
        violations.push(`${path}: imports ${each.from}, which its package does not export`)
    }
  return { files: all.length, violations }
}
