import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { hearsay as command } from './testing/command.ts'
import { initNetwork, PeerProcess } from './testing/hearsay-process.ts'

const folder = mkdtempSync(join(tmpdir(), 'hearsay-own-module-'))
const processes: PeerProcess[] = []
afterAll(async () => {
  await Promise.all(processes.map((peer) => peer.end('SIGKILL')))
  rmSync(folder, { recursive: true, force: true })
})

/** An LSTM on series that are drawn, of which each rises or falls. */
const files = {
  'series.ts': `import { defineTask } from '@hearsay/training/define-task'
import { drawn } from './lib/drawn.ts'

export const tasks = [
  defineTask({
    name: 'series',
    summary: 'series that rise or fall',
    options: { units: { kind: 'integer', summary: 'of the LSTM', least: 1, most: 64, default: 4 } },
    load: () => drawn(400, 100),
    model: ({ layers, sequential }, { shape, outputs, options }) =>
      sequential({
        layers: [
          layers.lstm({ units: Number(options.units), inputShape: [...shape] }),
          layers.dense({ units: outputs }),
        ],
      }),
  }),
]
`,
  'lib/drawn.ts': `import { stream } from '@hearsay/training/task'

export function drawn(train: number, test: number) {
  const part = (set: string, count: number) => {
    const random = stream('series', set)
    const labels = Int32Array.from({ length: count }, () => random.integer(2))
    const inputs = Float32Array.from({ length: count * 4 }, (_, at) => {
      const slope = labels[Math.floor(at / 4)] === 1 ? 1 : -1
      return slope * ((at % 4) - 1.5) + random.between(-1, 1)
    })
    return { inputs, count, targets: { kind: 'classes' as const, labels } }
  }
  return {
    shape: [4, 1],
    inputs: [],
    targets: 'classes' as const,
    outputs: ['falls', 'rises'],
    groups: [],
    train: part('train', train),
    test: part('test', test),
  }
}
`,
}

function put(home: string, changed: Partial<typeof files> = {}): void {
  mkdirSync(join(home, 'lib'), { recursive: true })
  for (const [name, text] of Object.entries({ ...files, ...changed })) writeFileSync(join(home, name), text)
}

const own = `extensions: [./series.ts]
task: { kind: series, units: 3 }
learning: { localSteps: 8, learningRate: 0.2 }
`

describe('four peers learn by a module of their own', () => {
  test('they certify, tell its measures, and who has another file has another network', async () => {
    const homes = await initNetwork(join(folder, 'four'), 4, 500)
    for (const home of homes) {
      put(home)
      const file = join(home, 'genesis.yaml')
      writeFileSync(file, readFileSync(file, 'utf8').replace(/^task: .*\nlearning: .*\n/m, own))
    }
    // Another comment in what the module imports is another file.
    put(homes[3]!, { 'lib/drawn.ts': `// Mine.\n${files['lib/drawn.ts']}` })
    const peers = homes.map((home) => new PeerProcess(home))
    processes.push(...peers)
    const started = await Promise.all(peers.map((peer) => peer.told(({ kind }) => kind === 'started')))
    expect(new Set(started.slice(0, 3).map(({ network }) => network)).size).toBe(1)
    expect(started[3]!.network).not.toBe(started[0]!.network)
    await Promise.all(peers.slice(0, 3).map((peer) => peer.reaches(2)))
    expect(peers[3]!.height).toBe(0)
    const learnt = await peers[0]!.told(({ kind }) => kind === 'evaluated')
    expect(Object.keys(learnt.measures as object)).toContain('balancedAccuracy')
  }, 240_000)
})

describe('a genesis with digests', () => {
  const home = join(folder, 'joined')

  test('is made by init, with the files, and start says which of them is another', async () => {
    const source = join(folder, 'source')
    mkdirSync(source)
    put(source)
    const made = await command(['init', join(folder, 'first')])
    const id = /id (12D3Koo\w+)/.exec(made.stdout)![1]
    const genesis = join(source, 'genesis.yaml')
    writeFileSync(genesis, `name: n\npeers: [{ id: ${id} }]\n${own}`)
    const { code, stderr } = await command(['init', home, '--genesis', genesis])
    expect([code, stderr]).toEqual([0, ''])
    expect(readFileSync(join(home, 'genesis.yaml'), 'utf8')).toMatch(/sha256:\s+lib\/drawn\.ts: [0-9a-f]{64}/)
    writeFileSync(join(home, 'lib/drawn.ts'), 'export const drawn = 1')
    const started = await command(['start', home])
    expect(started.code).toBe(2)
    expect(started.stderr).toMatch(
      /joined\/lib\/drawn\.ts: is another file than the genesis says: its SHA-256 is [0-9a-f]+/,
    )
    expect(started.stderr.trim().split('\n')).toHaveLength(1)
  }, 120_000)

  test.each([
    ['that is missing', '[./none.ts]', /none\.ts: there is no such file; the genesis names it under extensions/],
    ['outside of its folder', '[../series.ts]', /extensions\.0\.file: must be a path from the folder of the genesis/],
    ['that throws', '[./throws.ts]', /throws\.ts: cannot be loaded: no \(throws\.ts:1/],
  ])(
    'a file %s is told in one line',
    async (_, extensions, message) => {
      const source = join(folder, 'source')
      writeFileSync(join(source, 'throws.ts'), "throw new Error('no')")
      const genesis = join(source, 'other.yaml')
      writeFileSync(genesis, `name: n\npeers: []\nextensions: ${extensions}\n`)
      const { code, stderr } = await command(['init', join(folder, 'never'), '--genesis', genesis])
      expect(code).toBe(2)
      expect(stderr).toMatch(message)
      expect(stderr.trim().split('\n')).toHaveLength(1)
      expect(existsSync(join(folder, 'never'))).toBe(false)
    },
    120_000,
  )
})
