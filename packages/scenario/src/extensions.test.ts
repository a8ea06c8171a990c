import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { aggregateVectors, ruleSpec, rules } from '@hearsay/aggregation'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { filesOf } from './extensions.ts'
import { loadScenario } from './load.ts'
import { ScenarioError } from './scenario-error.ts'
import { connections } from './topology.ts'

let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearsay-extensions-'))
})

afterAll(() => rmSync(folder, { recursive: true }))

/** A rule as a file exports it, with nothing imported. */
const ruleText = (name: string, more = ''): string => `{
  name: '${name}', summary: 'the first update', requirement: (n: number) => n > 0, requirementText: 'n > 0',
  options: { which: { kind: 'integer', summary: 'of them', least: 0, default: 0 } },
  reference: (vectors: Float64Array[], _f: number, { which }: { which: number }) => vectors[which]!,${more}
}`

const scenario = (more: string, extensions = '[./own.ts]'): string => `name: own
question: Is it known?
extensions: ${extensions}
peers: 4
tolerated: 1
rounds: 1
${more}
`

function load(text: string, files: Readonly<Record<string, string>> = {}) {
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
  return loadScenario(text, { file: join(folder, 'own.yaml') })
}

function refusal(text: string, files: Readonly<Record<string, string>> = {}): string {
  try {
    load(text, files)
  } catch (error) {
    if (error instanceof ScenarioError) return error.message.replaceAll(`${join(folder, 'own.yaml')}:`, '')
    throw error
  }
  return 'accepted'
}

const first = `import { defineRule, type Rule } from '@hearsay/aggregation'
const own: Rule = defineRule(${ruleText('own-first')})
export const rules = [own]
export const attacks = [{
  name: 'own-attack', summary: 'send ones', paper: '', colludes: () => false,
  options: { value: { kind: 'number', summary: 'in place of one', default: 1 } },
  create: ({ value }: { value: number }) => ({ own }: { own: Float32Array }) => own.map(() => value),
}]
`

test('what a file exports may be named: rules, attacks and their options', () => {
  const text = scenario(`aggregation: { rule: own-first, which: 1 }
adversaries: { count: 1, behaviour: own-attack, value: 3 }`)
  const { cells, extensions } = load(text, { 'own.ts': first })
  expect(cells[0]!.parameters.aggregation).toEqual({ rule: 'own-first', which: 1 })
  expect(cells[0]!.label).toBe('1 of 4 own-attack (value 3)')
  expect(extensions).toEqual([{ name: 'own.ts', path: join(folder, 'own.ts'), text: first, tasks: [], imports: [] }])
  const vectors = [1, 2, 3].map((value) => Float32Array.of(value))
  expect([...aggregateVectors(ruleSpec({ rule: 'own-first', tolerated: 0, which: 2 }), vectors)]).toEqual([3])
})

const network = `import { around, type ProtocolAttack } from '@hearsay/adversary'
import { sealEnvelopes } from '@hearsay/protocol'
import type { Topology } from './topologies/topology.ts'
const mute: ProtocolAttack = {
  name: 'own-mute', summary: 'say nothing before a round', deed: 'said nothing at first',
  options: { fromRound: { kind: 'integer', summary: 'the first', least: 1, default: 2 } },
  create: ({ fromRound }) => ({
    participant: ({ honest }) => around(honest(), (step) => ({
      ...step, sends: step.sends.filter(({ envelope }) => envelope.round >= Number(fromRound) && sealEnvelopes),
    })),
  }),
}
const star: Topology = {
  name: 'own-star', summary: 'all to one', options: { hub: { kind: 'integer', summary: 'which', least: 0, default: 0 } },
  connections: (peers, { hub }) => Array.from({ length: peers }, (_, i): [number, number] => [Number(hub), i]),
}
export const protocolAttacks = [mute]
export const topologies = [star, { ...star, name: 'own-gap', connections: () => [[0, 1]] },
  { ...star, name: 'own-number', connections: () => 7 }, { ...star, name: 'own-flat', connections: () => [0, 1] }]
`

test('a file is a module, also beside what npm init writes, which says that files are CommonJS', () => {
  mkdirSync(join(folder, 'npm'))
  const text = scenario('aggregation: { rule: own-module }', '[./npm/module.ts]')
  const { cells } = load(text, {
    'npm/package.json': '{ "type": "commonjs" }',
    'npm/module.ts': `import { defineRule } from '@hearsay/aggregation'\nexport const rules = [defineRule(${ruleText('own-module')})]`,
  })
  expect(cells[0]!.parameters.aggregation.rule).toBe('own-module')
})

test('so may attacks on the protocol and topologies, with their options', () => {
  const more = `topology: { kind: own-star, hub: 2 }
adversaries: { count: 1, behaviour: own-mute, fromRound: 3 }`
  const { cells } = load(scenario(more, '[./network.ts]'), { 'network.ts': network })
  const { parameters, label } = cells[0]!
  expect(label).toBe('1 of 4 own-mute (fromRound 3)')
  const pairs = [
    [0, 2],
    [1, 2],
    [2, 3],
  ]
  expect(connections(parameters.topology, 4, 1)).toEqual(pairs)
})

test.each([
  ['topology: { kind: own-stra }', '7:19: topology.kind: ', 'did you mean "own-star"?'],
  ['topology: { kind: own-star, hbu: 1 }', '7:29: topology.hbu: ', 'did you mean "hub"?'],
  ['topology: { kind: own-star, hub: 4 }', '7:11: topology: own-star: ', 'it connects 4 and 0; there are peers 0 to 3'],
  ['topology: { kind: own-gap }', '7:11: topology: own-gap: ', 'its graph is not connected'],
  ['topology: { kind: own-number }', '7:11: topology: own-number: ', 'its connections must give pairs of peers'],
  ['topology: { kind: own-flat }', '7:11: topology: own-flat: ', 'it connects 0 and undefined'],
  ['adversaries: { count: 1, behaviour: own-mtue }', '7:37: adversaries.behaviour: ', 'did you mean "own-mute"?'],
])('%s is checked too', (more, place, message) => {
  const refused = refusal(scenario(more, '[./network.ts]'), { 'network.ts': network })
  expect(refused).toContain(place)
  expect(refused).toContain(message)
})

test('the resolved text, beside a copy of the file, loads to the same cells', () => {
  const loaded = load(scenario('aggregation: { rule: own-first }'), { 'own.ts': first })
  const copy = mkdtempSync(join(folder, 'run-'))
  for (const { name, text } of loaded.extensions) writeFileSync(join(copy, name), text)
  const again = loadScenario(loaded.resolved, { file: join(copy, 'scenario.yaml') })
  expect(again.cells.map(({ parameters }) => parameters)).toEqual(loaded.cells.map(({ parameters }) => parameters))
  expect(again.resolved).toBe(loaded.resolved)
})

test.each([
  ['aggregation: { rule: own-frist }', '7:22: aggregation.rule: ', 'did you mean "own-first"?'],
  ['aggregation: { rule: own-first, wich: 1 }', '7:33: aggregation.wich: ', 'did you mean "which"?'],
  ['aggregation: { rule: own-first, which: -1 }', '7:40: aggregation.which: ', 'must be at least 0'],
  ['adversaries: { count: 1, behaviour: own-atack }', '7:37: adversaries.behaviour: ', 'did you mean "own-attack"?'],
])('%s is checked like what ships', (more, place, message) => {
  const refused = refusal(scenario(more), { 'own.ts': first })
  expect(refused).toContain(place)
  expect(refused).toContain(message)
})

const bad = (name: string) => `./${name}.ts: `

test.each([
  ['missing', undefined, `${bad('missing')}there is no such file; paths are from the folder of the scenario`],
  ['syntax', 'export const rules = [', `${bad('syntax')}cannot be loaded: `],
  ['throws', "\nthrow new Error('no licence')", `${bad('throws')}cannot be loaded: no licence (throws.ts:2:7)`],
  [
    'import',
    "import { arround } from '@hearsay/adversary'\nexport const rules = [arround]",
    "does not provide an export named 'arround'",
  ],
  [
    'misspelt',
    'export const rulse = []\nexport const attacks = []',
    `${bad('misspelt')}its export rulse means nothing; did you mean "rules"?`,
  ],
  ['waits', 'await 0\nexport const rules = []', `${bad('waits')}it may not await at its top`],
  ['elsewhere', "import 'left-pad'\nexport const rules = []", `${bad('elsewhere')}cannot be loaded: Cannot find`],
  [
    'empty',
    'export const rule = 1',
    `${bad('empty')}exports no list called rules, beforeRules, attacks, protocolAttacks, topologies, agreements, trustMethods, `,
  ],
  ['single', 'export const rules = {}', `${bad('single')}its export rules is not a list`],
  [
    'nothing',
    'export const rules = [undefined]',
    `${bad('nothing')}its export rules[0]: No rule: it is not an object.`,
  ],
  [
    'partial',
    `export const rules = [${ruleText('own-partial')}]`,
    'its export rules[0]: No rule: aggregate must be a function.',
  ],
  [
    'median',
    `import { defineRule } from '@hearsay/aggregation'\nexport const rules = [defineRule(${ruleText('median')})]`,
    'its export rules[0]: There is a rule "median" already: give yours another name.',
  ],
  [
    'silent',
    "export const attacks = [{ name: 'silent', summary: '', paper: '', options: {}, colludes() {}, create() {} }]",
    'its export attacks[0]: There is an attack "silent" already: give yours another name.',
  ],
  [
    'flip',
    "export const protocolAttacks = [{ name: 'sign-flip', summary: '', deed: '', options: {}, create() {} }]",
    'its export protocolAttacks[0]: There is an attack "sign-flip" already: give yours another name.',
  ],
  [
    'ring',
    "export const topologies = [{ name: 'ring', summary: '', options: {}, connections() {} }]",
    'its export topologies[0]: There is a topology "ring" already: give yours another name.',
  ],
  [
    'graph',
    "export const topologies = [{ name: 'graph', summary: '', options: {} }]",
    'its export topologies[0]: No topology: connections must be a function.',
  ],
])('%s.ts is refused at its place, with the export', (name, content, message) => {
  const size = rules.size
  const text = scenario('aggregation: { rule: own-first }', `[./${name}.ts]`)
  const refused = refusal(text, content === undefined ? {} : { [`${name}.ts`]: content })
  expect(refused).toMatch(/^3:14: extensions\.0: /)
  expect(refused).toContain(message)
  expect(rules.size).toBe(size)
})

test('overrides may name them too, and bring them', () => {
  const file = join(folder, 'own.yaml')
  const options = { file, overrides: ['aggregation.which=1', 'adversaries={ count: 1, behaviour: own-attack }'] }
  const { cells } = loadScenario(scenario('aggregation: { rule: own-first }'), options)
  expect(cells[0]!.parameters.aggregation).toEqual({ rule: 'own-first', which: 1 })
  const text = scenario('', '[./nowhere.ts]')
  expect(loadScenario(text, { file, overrides: ['extensions=[./own.ts]'] }).extensions).toHaveLength(1)
})

test('a file that changes is not taken for what it was', () => {
  expect(refusal(scenario(''), { 'own.ts': `${first}\n// changed` })).toContain('has changed since')
})

test('two files of one name would lie on each other in the folder of a run', () => {
  const refused = refusal(scenario('', '[./own.ts, ./../x/own.ts]'), { 'own.ts': first })
  expect(refused).toContain('extensions.1: there is another own.ts')
})

test('the scenarios that ship load', () => {
  const shipped = (name: string) => join(import.meta.dirname, '../../../scenarios', name)
  const [ruled, lying] = ['own-rule.yaml', 'own-liars.yaml'].map((name) =>
    loadScenario(readFileSync(shipped(name), 'utf8'), { file: shipped(name) }),
  )
  expect(ruled!.cells.map(({ parameters }) => parameters.aggregation.rule)).toContain('nearest-to-median')
  expect(lying!.cells.map(({ parameters }) => parameters.topology.kind)).toContain('clusters')
})

test.each([
  ['extensions.md', 0, 'aggregation: { rule: first-half, share: 0.5 }'],
  ['adversaries.md', 0, 'adversaries: { count: 1, behaviour: echo, times: 3 }'],
  ['adversaries.md', 1, 'adversaries: { count: 1, behaviour: mute, rounds: 2 }'],
])('the example in docs/%s loads, %i', (document, index, more) => {
  const text = readFileSync(join(import.meta.dirname, '../../../docs', document), 'utf8')
  const name = `${document}-${index}.ts`.replace('.md', '')
  const code = [...text.matchAll(/^```ts\n(.*?)^```/gms)][index]![1]!
  expect(load(scenario(more, `[./${name}]`), { [name]: code }).cells).toHaveLength(1)
})

/** Tasks of these names, as a module gives them. */
const moduleOf = (...names: readonly string[]): string =>
  `import { defineTask } from '@hearsay/training/define-task'
const options = { units: { kind: 'integer', summary: 'of it', least: 1, most: 9, default: 2 } }
const given = (name: string) => defineTask({ name, summary: 'mine', options, model: () => { throw new Error('no') } })
export const tasks = [${names.map((name) => `given('${name}')`).join(', ')}]
`

const named = (more: string): string => scenario(more).replace('extensions: [./own.ts]\n', '')

test('what a file imports beside it or below is kept by its path', () => {
  mkdirSync(join(folder, 'lib'), { recursive: true })
  const files = {
    'importing.ts': `import { which } from './lib/which.ts'\nexport const rules = []\nvoid which`,
    'lib/which.ts': "import type { X } from './x.ts'\nexport const which: X = 1",
    'lib/x.ts': "import type {} from '../importing.ts'\nexport type X = number // from './gone.ts', '../../out.ts'",
  }
  const { extensions } = load(scenario('', '[./importing.ts]'), files)
  expect(filesOf(extensions)).toEqual(Object.entries(files).map(([name, text]) => ({ name, text })))
})

test('a task may name its module, also in a sweep and beside its data, and the folder of a run has it', () => {
  const data = 'data: { kind: table, train: t.csv, label: y }'
  const loaded = load(
    named(`task: { module: ./mine.ts, units: 3, ${data} }
sweep: { task: [{ module: ./mine.ts, ${data} }, { module: ./two.ts, kind: other, ${data} }, {}] }`),
    { 'mine.ts': moduleOf('mine'), 'two.ts': moduleOf('another', 'other') },
  )
  expect(loaded.cells.map(({ parameters: { task } }) => [task.kind, task.units])).toEqual([
    ['mine', 2],
    ['other', 2],
    [undefined, undefined],
  ])
  expect(loaded.resolved).toContain('extensions:\n  - ./mine.ts\n  - ./two.ts\n')
  expect(loaded.resolved).not.toMatch(/^ +module:/m)
  const [cell] = load(named(`task: { module: ./mine.ts, ${data} }\nsweep: { task.units: [7] }`)).cells
  expect(cell!.parameters.task).toMatchObject({ kind: 'mine', units: 7 })
  const file = join(folder, 'own.yaml')
  const overrides = ['task.module=./mine.ts', 'task.units=4']
  const [set] = loadScenario(named(`task: { kind: mine, ${data} }`), { file, overrides }).cells
  expect(set!.parameters.task).toMatchObject({ kind: 'mine', units: 4 })
})

test.each([
  ['./none.ts', '', '6:17: task.module: ./none.ts: there is no such file; paths are from the folder of the scenario'],
  ['./late.ts', "throw new Error('not today')", 'task.module: ./late.ts: cannot be loaded: not today (late.ts:1:7)'],
  ['./void.ts', 'export const other = 1', 'task.module: ./void.ts: exports no list called rules'],
  [
    './rules.ts',
    'export const rules = []',
    'task.module: ./rules.ts: exports no list called tasks: export const tasks = [',
  ],
  ['./two.ts', '', 'task.module: ./two.ts: brings the tasks another, other: say by kind which is meant'],
  ['./two.ts, kind: mine', '', './two.ts: brings another, other, and kind is mine: leave kind out, or correct it'],
  ['./mine.ts, unit: 3', '', 'task.unit: unknown field; did you mean "units"?'],
])('a task of the module %s is refused where it stands', (module, content, message) => {
  const [file] = module.split(',') as [string]
  const text = named(`task: { module: ${module} }`)
  expect(refusal(text, content === '' ? {} : { [file]: content })).toContain(message)
})
