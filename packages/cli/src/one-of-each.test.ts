import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { allRegistries } from '@hearsay/scenario'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hearsay } from './testing/command.ts'

/** One file with one of each kind that the catalogue has, each as small as it can be. */
const extension = `
import { around, type ProtocolAttack } from '@hearsay/adversary'
import type { Attack } from '@hearsay/adversary/updates'
import { type BeforeRule, defineRule } from '@hearsay/aggregation'
import type { DataSpec, Format, Samples } from '@hearsay/data'
import { agreements as known, type NamedAgreement } from '@hearsay/protocol'
import type { Topology } from '@hearsay/scenario'
import type { TrustMethod } from '@hearsay/trust'
import { type DataSource, type Loss, type Model, type Partition, type PicturesPoison, type Task, tasks as kinds } from '@hearsay/training/schema'

const size = (least: number) => ({ kind: 'integer', summary: 'how many', least, default: least }) as const

export const rules = [defineRule({
  name: 'each-mean', summary: 'the mean, times a factor', options: { times: size(1) },
  requirement: (n) => n > 0, requirementText: 'n > 0',
  reference: (vectors, _f, { times }) =>
    vectors[0]!.map((_, i) => (Number(times) * vectors.reduce((sum, vector) => sum + vector[i]!, 0)) / vectors.length),
})]
const first: BeforeRule = {
  name: 'each-first', summary: 'without the last updates', options: { without: size(1) },
  requirement: (n) => n > 1, requirementText: 'n > 1',
  counts: (n, f, { without }) => ({ n: n - Number(without), f }),
  mixture: ({ count }, _f, { without }) => {
    const left = count - Number(without)
    return { count: left, weights: Float64Array.from({ length: left * count }, (_, k) => Number(k % count === Math.floor(k / count))) }
  },
  reference: (vectors, _f, { without }) => vectors.slice(0, vectors.length - Number(without)),
}
export const beforeRules = [first]
export const attacks: Attack[] = [{
  name: 'each-ones', summary: 'send ones', deed: 'sent ones', paper: '', options: {}, colludes: () => false,
  create: () => ({ own }) => new Float32Array(own.length).fill(1),
}]
export const protocolAttacks: ProtocolAttack[] = [{
  name: 'each-honest', summary: 'do nothing', deed: 'did nothing', options: {},
  create: () => ({ participant: ({ honest }) => around(honest(), (step) => step) }),
}]
export const topologies: Topology[] = [{
  name: 'each-star', summary: 'all to one', options: { hub: { ...size(0), most: 9 } },
  connections: (peers, { hub }) => Array.from({ length: peers }, (_, peer) => [Number(hub), peer] as const),
}]
export const trustMethods: TrustMethod[] = [{
  name: 'each-trusted', summary: 'all alike', options: { times: size(1) }, scale: 1,
  trust: ({ count }, _preTrusted, { times }) => new Float64Array(count).fill(Number(times)),
}]
export const agreements: NamedAgreement[] = [{ ...known.get('exact')!, name: 'each-exact' }]
export const datasets: DataSource[] = [{
  name: 'each-stripes', summary: 'dark and bright pictures', options: { bright: { ...size(100), most: 255 } },
  load: ({ trainSamples = 400, testSamples = 100 }, { bright }) => {
    const draw = (count: number) => ({
      images: Uint8Array.from({ length: count * 784 }, (_, i) => (Math.floor(i / 784) % 2) * Number(bright)),
      labels: Uint8Array.from({ length: count }, (_, i) => i % 2),
    })
    return { shape: [28, 28], classes: 2, train: draw(trainSamples), test: draw(testSamples) }
  },
}]
export const models: Model[] = [{
  name: 'each-two', summary: '784-2', options: { units: size(4) },
  layers: ({ units }) => ({ inputShape: [784], layers: [
    { kind: 'dense', units: Number(units), activation: 'relu' }, { kind: 'dense', units: 2, activation: 'none' },
  ] }),
}]
export const losses: Loss[] = [{
  name: 'each-cubed', summary: 'the cube of the error', targets: 'numbers', options: { times: size(1) },
  of: (outputs, targets, { times }) => {
    const [count, factor] = [outputs.length, Number(times)]
    const missed = outputs.map((output, index) => Math.abs(output - targets[index]!))
    const gradient = outputs.map((output, index) => (3 * factor * missed[index]! * (output - targets[index]!)) / count)
    return { loss: missed.reduce((sum, each) => sum + factor * each ** 3, 0) / count, gradient }
  },
}]
export const formats: Format[] = [{
  name: 'each-line', summary: 'numbers on a line', options: { slope: size(2) }, gives: () => 'samples',
  async read({ slope }: DataSpec): Promise<Samples> {
    const part = (count: number) => {
      const inputs = Float32Array.from({ length: count }, (_, index) => (index % 20) / 10 - 1)
      return { inputs, count, targets: { kind: 'numbers' as const, values: inputs.map((x) => Number(slope) * x) } }
    }
    return { shape: [1], inputs: ['x'], targets: 'numbers', outputs: ['y'], groups: [], train: part(200), test: part(40) }
  },
}]
export const partitions: Partition[] = [{
  name: 'each-turns', summary: 'by turns', options: { from: size(0) },
  divide: ({ order }, peers, { from }) =>
    Array.from({ length: peers }, (_, peer) => order.filter((_, at) => (at + Number(from)) % peers === peer)),
}]
export const poisons: PicturesPoison[] = [{
  name: 'each-zero', task: 'each-task', summary: 'label all 0', deed: 'labelled all 0', options: { label: size(0) },
  poisoned: ({ images, labels }, { label }) => ({ images, labels: labels.map(() => Number(label)) }),
}]
const pictures = kinds.get('pictures')! as Task
export const tasks: Task[] = [{
  ...pictures, name: 'each-task', summary: 'pictures by another name',
}]
`

const scenario = `name: one-of-each
question: Does one of each kind that a user brings run like what ships?
extensions: [./each.ts]
peers: 4
trust: { method: each-trusted, times: 1, preTrusted: [0] }
task: { kind: each-task, dataset: { each-stripes: { bright: 200 } }, model: { each-two: { units: 5 } }, partition: { kind: each-turns, from: 1 } }
learning: { localSteps: 5, batchSize: 16 }
aggregation: { rule: each-mean, times: 1, before: [{ each-first: { without: 1 } }] }
topology: { kind: each-star, hub: 1 }
agreement: { kind: each-exact, graceMs: 50 }
network: virtual
rounds: 3
sweep:
  - adversaries: { count: 1, behaviour: each-ones }
  - adversaries: { count: 1, behaviour: each-zero, label: 1 }
  - adversaries: { count: 1, behaviour: each-honest }
  - label: numbers
    task: { kind: samples, data: { kind: each-line, slope: 3 }, model: logistic, loss: { each-cubed: { times: 2 } } }
expect:
  - { check: accuracy.least >= 0.9, where: { adversaries: { count: 1, behaviour: each-honest } } }
  - { check: explained.least >= 0.5, where: { label: numbers } }
`

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearsay-each-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('one file brings one of each kind, and a scenario runs with all of them, and again', async () => {
  // A kind that is new belongs into the file above.
  const lists = [...extension.matchAll(/^export const (\w+)/gm)].map(([, name]) => name!)
  expect(lists.sort()).toEqual(Object.keys(allRegistries).sort())
  writeFileSync(join(folder, 'each.ts'), extension)
  writeFileSync(join(folder, 'each.yaml'), scenario)
  const ran = await hearsay(['run', 'each.yaml', '--engine', 'wasm', '--no-pictures'], { cwd: folder })
  expect([ran.code, ran.stderr], ran.stdout).toEqual([0, ''])
  for (const deed of ['sent ones', 'labelled all 0', 'did nothing']) expect(ran.stdout).toContain(deed)
  const again = await hearsay(['replay', 'runs/latest'], { cwd: folder })
  expect([again.code, again.stderr], again.stdout).toEqual([0, ''])
  expect(again.stdout).toContain('✓ 4 runs repeated, event by event')
}, 240_000)
