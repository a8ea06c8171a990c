// What a registry would have: JavaScript in tarballs, which Node runs where it strips no types, in `node_modules`.
import { execFileSync, spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeTarballs, rooms } from './tarballs.ts'

const root = join(import.meta.dirname, '../..')
const repository = 'https://example.org/hearsay.git'
let folder: string
let installed: string

/** As npm would install them, but that libraries are linked from where the clone has them: no registry is asked. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearsay-tarballs-'))
  installed = join(folder, 'node_modules', '@hearsay')
  const files = makeTarballs(join(folder, 'tarballs'), repository)
  for (const [i, room] of rooms.entries()) {
    const home = join(installed, room)
    mkdirSync(home, { recursive: true })
    execFileSync('tar', ['xzf', files[i]!, '-C', home, '--strip-components=1'])
    const { dependencies, peerDependencies } = manifestOf(room)
    // The optional peer of one is a dependency of others, which npm puts where all find it.
    const libraries = Object.keys({ ...dependencies, ...peerDependencies })
    for (const name of libraries.filter((name) => !name.startsWith('@hearsay/'))) {
      const link = join(home, 'node_modules', name)
      mkdirSync(dirname(link), { recursive: true })
      symlinkSync(realpathSync(join(root, 'packages', room, 'node_modules', name)), link)
    }
  }
  // What `npm init` writes.
  writeFileSync(join(folder, 'package.json'), '{ "name": "user", "type": "commonjs" }')
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Manifest {
  readonly version: string
  readonly repository: unknown
  readonly dependencies: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}

function manifestOf(room: string): Manifest {
  return JSON.parse(readFileSync(join(installed, room, 'package.json'), 'utf8')) as Manifest
}

function run(...words: string[]): string {
  // What is compiled of a folder that goes would stay for ever.
  const env = { ...process.env, NODE_COMPILE_CACHE: join(folder, 'compiled') }
  return execFileSync(process.execPath, words, {
    cwd: folder,
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

test.each(rooms)('%s depends on versions, and brings no sources and no tests', (room) => {
  const { dependencies, version } = manifestOf(room)
  const ours = Object.entries(dependencies).filter(([name]) => name.startsWith('@hearsay/'))
  for (const [, wanted] of ours) expect(wanted).toBe(version)
  const files = execFileSync('find', ['dist', '-type', 'f'], { cwd: join(installed, room), encoding: 'utf8' })
  expect(files.split('\n').filter((file) => /\.test\.|testing|\.map$|[^d]\.ts$/.test(file))).toEqual([])
})

/** What a package needs of Hearsay, itself included, each after what it needs. */
function neededBy(room: string): string[] {
  const ours = Object.keys(manifestOf(room).dependencies).flatMap((name) => name.match(/^@hearsay\/(.*)/)?.[1] ?? [])
  return [...new Set([...ours.flatMap(neededBy), room])]
}

test.each(rooms)('the README of %s says what to install with it, and which TypeScript its types need', (room) => {
  const readme = readFileSync(join(installed, room, 'README.md'), 'utf8')
  const [, words] = /^ {4}npm install (.*)$/m.exec(readme)!
  const all = rooms.map((name) => `hearsay-${name}-*.tgz`)
  const named = words === 'hearsay-*.tgz' ? all : words!.split(' ')
  expect([...named].sort()).toEqual(
    neededBy(room)
      .map((name) => `hearsay-${name}-*.tgz`)
      .sort(),
  )
  expect(readme).toContain('TypeScript 5.7 or later')
})

test.each(rooms)('%s names the repository, and its folder there', (room) => {
  expect(manifestOf(room).repository).toEqual({ type: 'git', directory: `packages/${room}`, url: repository })
})

/** The oldest TypeScript that the types are for, and the one that is used here. */
const compilers = ['typescript-5.7/bin/tsc', '.bin/tsc']

/** What they say of these files, all at once: a compiler takes longer to read the types of the packages than a program. */
function compile(...files: readonly string[]): string {
  const options = ['--module', 'nodenext', '--target', 'es2024', '--strict', '--noEmit', '--skipLibCheck']
  const types = ['--types', 'node', '--typeRoots', join(root, 'node_modules/@types')]
  return compilers
    .map((name) => {
      const words = [...options, ...types, ...files]
      const compiler = join(root, 'node_modules', name)
      return spawnSync(compiler, words, { cwd: folder, encoding: 'utf8' }).stdout
    })
    .join('')
}

test('a misspelt name of a rule or an attack does not compile, and one of one’s own does', () => {
  const program = `
    import { aggregateVectors, type RuleSpec } from '@hearsay/aggregation'
    import { createAttack } from '@hearsay/adversary/updates'
    declare module '@hearsay/aggregation' { interface RuleNames { 'my-rule': true } }
    declare module '@hearsay/adversary/updates' { interface AttackNames { 'my-attack': true } }
    aggregateVectors({ rule: 'my-rule', tolerated: 1, before: ['nnm', { clipping: { norm: 2 } }] }, [])
    export const specs: RuleSpec[] = [{ rule: 'median', tolerated: 1 }, { rule: 'my-rule', tolerated: 1 }]
    createAttack('my-attack')
    createAttack('sign-flip')
  `
  const wrong = [
    ["{ rule: 'median'", "{ rule: 'medain'"],
    ["'nnm'", "'nmm'"],
    ['{ clipping:', '{ cliping:'],
    ["'sign-flip'", "'sing-flip'"],
    ["{ rule: 'my-rule', tolerated: 1, before", "{ rule: 'your-rule', tolerated: 1, before"],
  ] as const
  writeFileSync(join(folder, 'names.mts'), program)
  for (const [at, [right, misspelt]] of wrong.entries())
    writeFileSync(join(folder, `wrong-${at}.mts`), program.replace(right, misspelt))
  const lines = compile('names.mts', ...wrong.map((_, at) => `wrong-${at}.mts`)).split('\n')
  for (const [at, [, misspelt]] of wrong.entries()) {
    const found = lines.filter((line) => line.startsWith(`wrong-${at}.mts`) && line.includes('error TS'))
    expect(found.length, misspelt).toBeGreaterThanOrEqual(compilers.length)
  }
  // What is indented goes on from the line above.
  expect(lines.filter((line) => line !== '' && !/^(wrong-| )/.test(line))).toEqual([])
}, 120_000)

/** What a bundler makes of a program for a browser, bytes. */
function bundle(name: string, program: string): number {
  writeFileSync(join(folder, `${name}.js`), program)
  const options = ['--bundle', '--minify', '--format=esm', '--platform=browser', `--outfile=${name}.bundle.mjs`]
  execFileSync(join(root, 'node_modules/.bin/esbuild'), [`${name}.js`, ...options], { cwd: folder, stdio: 'pipe' })
  return statSync(join(folder, `${name}.bundle.mjs`)).size
}

test('a bundle has what is used: one rule as an object, or nearly nothing where no kernels are needed', () => {
  const vectors = '[1, 2, 90].map((value) => Float32Array.of(value))'
  const all = bundle(
    'all',
    `import { aggregateVectors } from '@hearsay/aggregation'
    console.log(...aggregateVectors({ rule: 'median', tolerated: 1 }, ${vectors}))`,
  )
  const one = bundle(
    'one',
    `import { aggregateVectors } from '@hearsay/aggregation/by-rule'
    import { median } from '@hearsay/aggregation/rules/median'
    console.log(...aggregateVectors({ rule: median, tolerated: 1 }, ${vectors}))`,
  )
  const options = bundle(
    'options',
    `import { describeOption } from '@hearsay/catalogue'
    console.log(describeOption({ kind: 'integer', summary: '', least: 1 }))`,
  )
  const attack = bundle(
    'attack',
    `import { signFlip } from '@hearsay/adversary/updates/sign-flip'
    console.log(...signFlip.create({ of: 'own', scale: 2 })({ own: Float32Array.of(1) }))`,
  )
  const share = (part: number) => Math.round((100 * part) / all)
  console.log(`Of ${all} bytes: one rule ${share(one)} %, one attack ${share(attack)} %, an option ${share(options)} %`)
  expect(share(one)).toBeLessThan(65)
  expect(share(attack)).toBeLessThan(10)
  expect(share(options)).toBeLessThan(5)
  for (const [name, printed] of [
    ['all', '2'],
    ['one', '2'],
    ['options', 'an integer from 1'],
    ['attack', '-2'],
  ] as const)
    expect(run(`${name}.bundle.mjs`).trim()).toBe(printed)
  // The recipe, as it is.
  writeFileSync(join(folder, 'main.js'), readFileSync(join(folder, 'one.js')))
  const guide = readFileSync(join(root, 'docs/library.md'), 'utf8')
  const recipe = [...guide.matchAll(/^ {4}npx esbuild (.*)$/gm)].map(([, words]) => words!.split(' '))
  for (const words of recipe)
    execFileSync(join(root, 'node_modules/.bin/esbuild'), words, { cwd: folder, stdio: 'pipe' })
  expect(readdirSync(join(folder, 'dist')).sort()).toEqual(['main.js', 'worker.js'])
  // It is there for what it does, not for what it exports.
  expect(bundle('worker', "import '@hearsay/aggregation/worker'")).toBeGreaterThan(1000)
})

const readmes = rooms.map((room) => join('packages', room, 'README.md'))
const guides = [...readmes, 'docs/library.md'].map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))
const examples = guides.flatMap(({ path, text }) =>
  [...text.matchAll(/```ts\n(.*?)```/gs)].map(([, program], at) => ({
    path,
    name: `${path.replaceAll('/', '-')}-${at}.mts`,
    program: program!,
  })),
)
beforeAll(() => {
  for (const { name, program } of examples) writeFileSync(join(folder, name), program)
})

test('the libraries work, types and workers included, and so do the types of all examples', () => {
  const program = `
    import { Worker } from 'node:worker_threads'
    import { aggregateVectors, type RuleSpec, Workspace } from '@hearsay/aggregation'
    import { attacks } from '@hearsay/adversary/updates'
    import { Quorums } from '@hearsay/protocol'
    import { startTrainingPool } from '@hearsay/training'
    import { learningSchema } from '@hearsay/training/schema'
    import * as others from '@hearsay/scenario'
    import * as experiments from '@hearsay/experiment'
    import * as homes from '@hearsay/home/operator'
    import * as attackers from '@hearsay/adversary'
    import * as hosts from '@hearsay/peer'
    const spec: RuleSpec = { rule: 'trimmed-mean', tolerated: 1 }
    const result: Float32Array = aggregateVectors(spec, [1, 2, 9].map((value) => Float32Array.of(value)))
    const worker = new Worker(new URL(import.meta.resolve('@hearsay/aggregation/worker')))
    const workspace = new Workspace<SharedArrayBuffer>({ rows: 2, length: 2 ** 20, workers: [worker] })
    workspace.vector(0).fill(1)
    const mean = workspace.mean([0, 1])![2 ** 20 - 1]
    await worker.terminate()
    const parts = [Quorums, startTrainingPool, learningSchema, others.loadScenario, attackers.around, hosts.Driver, homes.startOperator, experiments.runScenario]
    console.log(JSON.stringify([result[0], mean, attacks.has('fang'), parts.every((part) => part !== undefined)]))
  `
  writeFileSync(join(folder, 'main.mts'), program)
  expect(JSON.parse(run('main.mts'))).toEqual([2, 0.5, true, true])
  expect(compile('main.mts', ...examples.map(({ name }) => name))).toBe('')
}, 120_000)

test.each(readmes)('%s is short: what it is, what to install, one example, where its documents are', (path) => {
  const readme = readFileSync(join(root, path), 'utf8')
  expect(readme.trim().split('\n').length).toBeLessThanOrEqual(20)
  const name = `@hearsay/${path.split('/')[1]}`
  const shape =
    /^# (\S+)\n\n[\s\S]+?\n {4}npm install .+\n\n```(?:ts|sh)\n([\s\S]+?)```\n\nIn the repository, [\s\S]+\.\n$/
  expect(shape.exec(readme)?.[1]).toBe(name)
  const documents = readme.match(/docs\/[a-z-]+\.md/g) ?? []
  expect(documents.length).toBeGreaterThan(0)
  for (const document of documents) expect(existsSync(join(root, document))).toBe(true)
})

test.each(guides)(
  'the examples in $path run, and print what stands beside them',
  ({ path, text }) => {
    const programs = examples.filter((example) => example.path === path)
    for (const { name, program } of programs) {
      const expected = [...program.matchAll(/^console\.log\(.*\) \/\/ (.*)$/gm)].map(([, printed]) => `${printed}\n`)
      expect(run(name)).toBe(expected.join(''))
    }
    const commands = [...text.matchAll(/^npx hearsay (.*)$/gm)].map(([, words]) => words!.split(' '))
    for (const words of commands) expect(run(join(installed, 'cli/dist/hearsay.js'), ...words)).not.toBe('')
    expect(programs.length + commands.length).toBeGreaterThan(0)
  },
  120_000,
)

test('the command runs a scenario with a rule of one’s own', () => {
  for (const name of ['own-rule.yaml', 'own-rule.ts'])
    writeFileSync(join(folder, name), readFileSync(join(root, 'scenarios', name)))
  const main = join(installed, 'cli/dist/hearsay.js')
  expect(run(main, '--version').trim()).toBe(manifestOf('cli').version)
  const words = ['--set', 'rounds=1', '--set', 'expect=[]', '--engine', 'wasm', '--network', 'virtual']
  const output = run(main, 'run', 'own-rule.yaml', ...words)
  expect(output).toMatch(/plot\.png/)
  const manifest = JSON.parse(readFileSync(join(folder, 'runs/latest/manifest.json'), 'utf8')) as object
  // Of the program: what a repository around the installed one says is not about it.
  expect(manifest).toMatchObject({ version: manifestOf('cli').version, commit: null, lockfile: null })
})
