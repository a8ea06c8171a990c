// What a registry would have: JavaScript in tarballs, which Node runs where it strips no types, in `node_modules`.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeTarballs, rooms } from './tarballs.ts'

const root = join(import.meta.dirname, '..')
let folder: string
let installed: string

/** As npm would install them, but that libraries are linked from where the clone has them: no registry is asked. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearsay-tarballs-'))
  installed = join(folder, 'node_modules', '@hearsay')
  const files = makeTarballs(join(folder, 'tarballs'))
  for (const [i, room] of rooms.entries()) {
    const home = join(installed, room)
    mkdirSync(home, { recursive: true })
    execFileSync('tar', ['xzf', files[i]!, '-C', home, '--strip-components=1'])
    const { dependencies } = manifestOf(room)
    for (const name of Object.keys(dependencies).filter((name) => !name.startsWith('@hearsay/'))) {
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
  readonly dependencies: Readonly<Record<string, string>>
}

function manifestOf(room: string): Manifest {
  return JSON.parse(readFileSync(join(installed, room, 'package.json'), 'utf8')) as Manifest
}

function run(...words: string[]): string {
  return execFileSync(process.execPath, words, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}

test.each(rooms)('%s depends on versions, and brings no sources and no tests', (room) => {
  const { dependencies, version } = manifestOf(room)
  const ours = Object.entries(dependencies).filter(([name]) => name.startsWith('@hearsay/'))
  for (const [, wanted] of ours) expect(wanted).toBe(version)
  const files = execFileSync('find', ['dist', '-type', 'f'], { cwd: join(installed, room), encoding: 'utf8' })
  expect(files.split('\n').filter((file) => /\.test\.|testing|\.map$|[^d]\.ts$/.test(file))).toEqual([])
})

test('the libraries work, types and workers included', () => {
  const program = `
    import { Worker } from 'node:worker_threads'
    import { aggregateVectors, type RuleSpec, Workspace } from '@hearsay/aggregation'
    import { attacks } from '@hearsay/adversary/updates'
    import { Quorums } from '@hearsay/protocol'
    import { startTrainingPool } from '@hearsay/training'
    import { learningSchema } from '@hearsay/training/schema'
    import * as others from '@hearsay/simulator'
    import * as attackers from '@hearsay/adversary'
    import * as hosts from '@hearsay/peer'
    const spec: RuleSpec = { rule: 'trimmed-mean', tolerated: 1 }
    const result: Float32Array = aggregateVectors(spec, [1, 2, 9].map((value) => Float32Array.of(value)))
    const worker = new Worker(new URL(import.meta.resolve('@hearsay/aggregation/worker')))
    const workspace = new Workspace<SharedArrayBuffer>({ rows: 2, length: 2 ** 20, workers: [worker] })
    workspace.vector(0).fill(1)
    const mean = workspace.mean([0, 1])![2 ** 20 - 1]
    await worker.terminate()
    const parts = [Quorums, startTrainingPool, learningSchema, others.loadScenario, attackers.around, hosts]
    console.log(JSON.stringify([result[0], mean, attacks.has('fang'), parts.every((part) => part !== undefined)]))
  `
  writeFileSync(join(folder, 'main.mts'), program)
  expect(JSON.parse(run('main.mts'))).toEqual([2, 0.5, true, true])
  const options = ['--module', 'nodenext', '--target', 'es2024', '--strict', '--noEmit', '--skipLibCheck']
  const types = ['--types', 'node', '--typeRoots', join(root, 'node_modules/@types')]
  execFileSync(join(root, 'node_modules/.bin/tsc'), [...options, ...types, 'main.mts'], { cwd: folder, stdio: 'pipe' })
})

test.each(['aggregation', 'adversary'])('the example in the README of %s runs, as it is', (room) => {
  const [, program] = /```ts\n(.*?)```/s.exec(readFileSync(join(installed, room, 'README.md'), 'utf8'))!
  writeFileSync(join(folder, 'example.mjs'), program!)
  expect(run('example.mjs').split('\n')[0]).toMatch(/^Float32Array\(2\) \[ [\d.-]+, [\d.-]+ \]$/)
})

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
