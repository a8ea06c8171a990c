import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { type LoadedScenario, loadScenario } from './load.ts'
import type { LoadOptions } from './overrides.ts'
import { ScenarioError } from './scenario-error.ts'
import { exampleText, leastText, namedBehaviours, namedRules } from './testing/scenario-fixture.ts'

const load = (text: string, options: Partial<LoadOptions> = {}): LoadedScenario =>
  loadScenario(text, { file: 'scenarios/x.yaml', ...options })

function errorOf(text: string, options: Partial<LoadOptions> = {}): ScenarioError {
  try {
    load(text, options)
  } catch (error) {
    if (error instanceof ScenarioError) return error
    throw error
  }
  throw new Error('the scenario was accepted')
}

/** The example with one thing changed; fails when there is no such thing. */
function changed(from: string, to: string): string {
  if (!exampleText.includes(from)) throw new Error(`no ${from} in the example`)
  return exampleText.replace(from, to)
}

test('a scenario becomes cells in the order of the file', () => {
  const { name, question, seeds, cells } = load(exampleText)
  expect({ name, question: question.slice(0, 11), seeds }).toEqual({
    name: 'one-third',
    question: 'What breaks',
    seeds: [1],
  })
  expect(cells[0]?.parameters.learning.localSteps).toBe(10)
  expect(cells.map(({ index, label, labelled }) => [index, label, labelled])).toEqual([
    [0, 'no liars', false],
    [1, '3 of 10 sign-flip', false],
    [2, '4 of 10 sign-flip', false],
    [3, '3 of 10 silent', false],
    [4, '4 of 10 silent', false],
    [5, '3 of 10 split-brain', false],
    [6, '4 of 10 split-brain', false],
    [7, '1 of 10 sign-flip (scale 10), rule mean', false],
  ])
  expect(cells[7]?.parameters).toMatchObject({ aggregation: { rule: 'mean' }, adversaries: { count: 1, scale: 10 } })
  expect(cells[5]?.parameters.partitions).toEqual({
    groups: 'halves',
    bridge: 'adversaries',
    fromRound: 1,
    untilRound: 3,
  })
  expect(cells[1]?.parameters.partitions).toEqual([])
})

test('a scenario that says the least has one cell and defaults', () => {
  const { cells, expectations } = load(leastText)
  expect(cells).toHaveLength(1)
  expect(cells[0]).toMatchObject({ label: 'no liars', seeds: [1] })
  expect(cells[0]?.parameters).toMatchObject({ aggregation: { rule: 'trimmed-mean' }, task: { dataset: 'digits' } })
  expect(expectations).toEqual([])
})

test('a product of lists runs what comes to the same once', () => {
  const sweep = 'sweep: { adversaries.count: [0, 1], adversaries.behaviour: [silent, equivocate] }\n'
  expect(load(leastText + sweep).cells.map(({ label }) => label)).toEqual([
    'no liars',
    '1 of 4 silent',
    '1 of 4 equivocate',
  ])
})

test('a sweep may give what the file leaves out', () => {
  const text = leastText.replace('peers: 4\n', '')
  expect(errorOf(text).message).toBe('scenarios/x.yaml:1:1: peers: missing; expected number')
  expect(load(`${text}sweep: { peers: [4, 7] }\n`).cells.map(({ label }) => label)).toEqual([
    'no liars, peers 4',
    'no liars, peers 7',
  ])
})

test('what an override has changed is not in the name of a cell', () => {
  const sweep =
    'peers: 9\nsweep: { aggregation: [{ rule: mean }, { rule: median, before: [nnm] }], learning.localSteps: [1, 2] }\n'
  const labelsWith = (...overrides: string[]): string[] =>
    load(leastText.replace('peers: 4\n', sweep), { overrides }).cells.map(({ label }) => label)
  expect(labelsWith('aggregation={rule: median}')).toEqual(['no liars, localSteps 1', 'no liars, localSteps 2'])
  expect(labelsWith('aggregation.rule=median', 'learning.localSteps=3')).toEqual([
    'no liars, aggregation {rule: median}',
    'no liars, aggregation {rule: median, before: [nnm]}',
  ])
})

test('a label of several cells is told apart, and so are equal labels', () => {
  const sweep = `sweep:
  - { label: lies, adversaries.behaviour: silent, adversaries.count: [0, 1] }
  - { learning.localSteps: [1, 2], label: same }
  - { label: 'lies: adversaries.count 0', rounds: 2 }
`
  expect(load(leastText + sweep).cells.map(({ label }) => label)).toEqual([
    'lies: adversaries.count 0',
    'lies: adversaries.count 1',
    'same: learning.localSteps 1',
    'same: learning.localSteps 2',
    'lies: adversaries.count 0 (2)',
  ])
})

test('the resolved text loads to the same cells and expectations', () => {
  for (const text of [exampleText, leastText]) {
    const loaded = load(text, { overrides: ['peers=13', 'learning.momentum=0.5'], seed: 7 })
    const again = load(loaded.resolved)
    expect(again.cells.map(({ parameters, seeds }) => ({ parameters, seeds }))).toEqual(
      loaded.cells.map(({ parameters, seeds }) => ({ parameters, seeds })),
    )
    expect(again.cells.map(({ label }) => label)).toEqual(loaded.cells.map(({ label }) => label))
    expect(again.expectations).toEqual(loaded.expectations)
    expect(again.resolved).toBe(loaded.resolved)
  }
})

test('overrides win over file and sweep, seed over seeds, dataDir over task.data', () => {
  const overrides = ['task.dataset=mnist', 'partitions=[]', 'expect=[]']
  const { cells } = load(exampleText, { overrides, seed: 9, dataDir: '/data' })
  expect(cells.every(({ parameters }) => parameters.task.dataset === 'mnist')).toBe(true)
  expect(cells.every(({ parameters }) => parameters.task.data === '/data')).toBe(true)
  expect(cells.every(({ seeds }) => seeds.length === 1 && seeds[0] === 9)).toBe(true)
  expect(errorOf(exampleText, { overrides: ['adversaries.behaviour=gaussian'] }).message).toContain('scale')
  const silenced = load(exampleText, { overrides: ['adversaries={count: 2, behaviour: silent}', 'expect=[]'] })
  expect(silenced.cells.map(({ label }) => label)).toContain('2 of 10 silent')
  expect(silenced.cells.map(({ label }) => label)).not.toContain('no liars')
})

test.each([
  [
    'dataset: digits',
    'dataset: minst',
    '6:18: task.dataset: expected one of digits, mnist, found "minst"; did you mean "mnist"?',
  ],
  ['peers: 10', 'pers: 10', '4:1: pers: unknown field; did you mean "peers"?'],
  ['peers: 10', 'pers: 10', '2:1: peers: missing; expected number'],
  [
    'tolerated: 3',
    'tolerated: 4',
    '5:12: tolerated: exact agreement needs n >= 3f + 1, and 10 peers cannot tolerate 4 liars: set tolerated to at most 3, or peers to at least 13',
  ],
  [
    'silent]',
    'slient]',
    `19:40: adversaries.behaviour: expected one of none, ${namedBehaviours}, found "slient"; did you mean "silent"? (in the cell adversaries.behaviour slient, adversaries.count 3 and 1 more)`,
  ],
  [
    'rule: mean',
    'rule: meam',
    `24:23: aggregation.rule: expected one of ${namedRules}, found "meam"; did you mean "mean"?`,
  ],
  [
    'scale: 10',
    'scal: 10',
    '25:52: adversaries.scal: unknown field; did you mean "scale"? (known here: behaviour, count, of, scale)',
  ],
  [
    'split-brain\n',
    'silent\n    adversaries.scale: 2\n',
    '22:5: adversaries.scale: belongs to another kind of adversaries (known here: behaviour, count)',
  ],
  [
    '- aggregation.rule',
    '- agregation.rule',
    '24:5: sweep.3.agregation.rule: unknown parameter "agregation"; did you mean "aggregation"?',
  ],
  ['adversaries.count: 0', 'adversaries.count: []', '18:24: sweep.0.adversaries.count: an empty list: no cells'],
  [
    'adversaries.count: 0',
    'adversaries.count: 2',
    '18:24: adversaries: 2 liars have no behaviour: set behaviour, or count to 0',
  ],
  [
    'adversaries.count: 0',
    'adversaries: { count: 10, behaviour: silent }',
    '18:18: adversaries: 10 of 10 peers lie, and at least one must be honest: set count to at most 9',
  ],
  [
    'split-brain\n',
    'late\n    adversaries.delayM: 2\n',
    '22:5: sweep.2.adversaries.delayM: unknown parameter "delayM" in adversaries; did you mean "delayMs"?',
  ],
  [
    'adversaries.count: 0',
    'adversaries: { count: 1, behaviour: crash, round: 0 }',
    '18:55: adversaries.round: must be at least 1, found 0',
  ],
  [
    'adversaries.count: 0',
    'adversaries: { count: 1, behaviour: targeted-delay }',
    '18:18: adversaries: targeted-delay decides when messages of others arrive: set network to virtual, found memory',
  ],
  ['transport: memory', 'transport: 7', '10:23: network.transport: expected one of memory, tcp, virtual, found 7'],
  [
    'transport: memory',
    'transport: virtual, training: { uniform: [10, 15000] }',
    '10:42: network.training: a peer trains for up to 15000 ms, and would count as stalled after stallMs, which is 15000',
  ],
  ['transport: memory', 'transport: virtual, stepMs: 0.3', '10:40: network.stepMs: expected int, found 0.3'],
  ['kind: full', 'kind: random, degree: 10', '11:35: topology.degree: a peer has at most 9 others, found 10'],
  ['kind: full', 'kind: edges, edges: [[0, 1]]', '11:11: topology: edges: its graph is not connected'],
  ['kind: full', 'kind: edges, edges: [[0, 10]]', '11:34: topology.edges.0: there are peers 0 to 9, found 10'],
  ['kind: full', 'kind: edges, edges: [[2, 2]]', '11:34: topology.edges.0: peer 2 cannot be connected to itself'],
  ['rounds: 8', 'rounds: many', '12:9: rounds: expected number, found "many"'],
  [
    'untilRound: 3',
    'fromRound: 4, untilRound: 3',
    '23:82: partitions.untilRound: must be at least fromRound, which is 4, found 3',
  ],
  ['groups: halves', 'groups: [[0, 1], [1, 10]]', '23:27: partitions.groups: peer 1 is in two groups'],
  ['groups: halves', 'groups: half', '23:27: partitions.groups: expected halves or an array, found "half"'],
  [
    'topology:',
    'partitions: { groups: halves, bridge: adversaries, untilRound: 2 }\ntopology:',
    '11:39: partitions.bridge: there are no adversaries to be the bridge',
  ],
  [
    'name: one-third',
    'name: One Third',
    '2:7: name: must be lower-case words joined by hyphens, such as one-third, found "One Third"',
  ],
  [
    'model: mlp',
    'model: lmp',
    '6:33: task.model: expected cnn, logistic, mlp or an object, found "lmp"; did you mean "mlp"?',
  ],
  ['seeds: [1]', 'seeds: [1, 2, 1]', '13:8: seeds: has a seed twice'],
  ['seeds: [1]', 'seeds: []', '13:8: seeds: must have at least 1 elements'],
  [
    'check: accuracy.least',
    'check: acuracy.least',
    '31:12: expect.1.check: unknown measure "acuracy.least"; did you mean "accuracy.least"?',
  ],
  [
    'baseline.accuracy.least -',
    'baseline.accuracy.leest -',
    '31:30: expect.1.check: unknown measure "accuracy.leest"; did you mean "accuracy.least"?',
  ],
  ['evidence.culprits == 4', '"evidence.culprits = 4"', '33:95: expect.2.check: "=" is no comparison; use =='],
  ['{ malicious: [0, 3] }', '{ malicious: 7 }', '28:12: expect.0.where: no cell matches; cells are "no liars", '],
  [
    '{ malicious: [0, 3] }',
    '{ maliciuos: 3 }',
    '28:14: expect.0.where.maliciuos: unknown parameter "maliciuos"; did you mean "malicious"?',
  ],
  [
    '{ malicious: [0, 3] }',
    '{ label: no lairs }',
    '28:21: expect.0.where.label: no cell is called "no lairs"; did you mean "no liars"?',
  ],
  [
    'text: three',
    'baseline: no lairs\n    text: three',
    '32:15: expect.1.baseline: no cell is called so; did you mean "no liars"?',
  ],
  ['rounds: 8', 'rounds: 8\nrounds: 9', '13:1: not YAML: '],
  ['rounds: 8', 'rounds: [8', ': not YAML: '],
])('%j as %j is an error at its place', (from, to, expected) => {
  const error = errorOf(changed(from, to))
  expect(error.code).toBe('bad-scenario')
  expect(error.message).toContain(expected.startsWith(':') ? expected : `scenarios/x.yaml:${expected}`)
})

test('a file that is something else altogether is told in a few lines', () => {
  const { message } = errorOf(readFileSync(new URL(import.meta.url), 'utf8'))
  expect(message).toContain('not YAML: ')
  expect(message.split('\n').length).toBeLessThanOrEqual(3)
})

test.each([
  ['', 'expected object'],
  ['[]', 'expected object'],
  ['just words', 'expected object'],
  ['peers: &a [*a]', 'not usable YAML: a value contains itself'],
])('%j is no scenario', (text, expected) => {
  expect(errorOf(text).message).toContain(expected)
})

test.each([
  [
    'task.dataste=mnist',
    '--set task.dataste=mnist: task.dataste: unknown parameter "dataste" in task; did you mean "dataset"?',
  ],
  [
    'task.dataset=minst',
    '--set task.dataset=minst: task.dataset: expected one of digits, mnist, found "minst"; did you mean "mnist"?',
  ],
  ['rounds', '--set rounds: expected path=value, such as task.dataset=mnist'],
  ['rounds=[', '--set rounds=[: rounds: the value is not YAML'],
  ['__proto__.x=1', '--set __proto__.x=1: __proto__.x: unknown parameter "__proto__"'],
  ['expect.9.check=x', '--set expect.9.check=x: expect.9.check: there are only 4 elements, numbered from 0'],
  ['aggregation.rule=krum', '--set aggregation.rule=krum: aggregation.rule: Rule "krum" requires n ≥ 2f+3'],
])('an override %s names itself', (override, expected) => {
  expect(errorOf(exampleText, { overrides: [override] }).message).toContain(expected)
})

test('the rule must be defined for every number of updates that peers may agree on', () => {
  const krum = changed('rule: trimmed-mean', 'rule: krum')
  // n − f = 7 updates with f = 3 are too few for Krum, although n = 10 would do.
  expect(errorOf(krum).message).toContain('n = 7, f = 3 does not meet')
  expect(errorOf(krum).message).toContain('10 peers agree on 7 to 10 updates')
  const wider = load(`${leastText}aggregation: { rule: krum, neighbours: n-f-1 }\n`)
  expect(wider.cells[0]?.parameters.aggregation).toEqual({ rule: 'krum', neighbours: 'n-f-1' })
})

test('a sweep that explodes is refused before it is expanded', () => {
  const list = `[${Array.from({ length: 200 }, (_, index) => index + 1).join(', ')}]`
  const sweep = `sweep: { rounds: ${list}, learning.localSteps: ${list}, learning.batchSize: ${list} }\n`
  expect(errorOf(leastText + sweep).message).toContain('6:8: sweep: 8000000 cells, at most 10000 are run')
})

test('a problem that several cells share is told once', () => {
  expect(
    errorOf(changed('tolerated: 3', 'tolerated: 4')).problems.filter(({ path }) => path === 'tolerated'),
  ).toHaveLength(1)
})

test('the example is read by plain YAML too: no tags or merges of our own', () => {
  expect(parse(exampleText)).toMatchObject({ name: 'one-third', rounds: 8 })
})

test('partitions follow each other', () => {
  const text = `${leastText}adversaries: { count: 1, behaviour: silent }\npartitions:\n  - { groups: halves, untilRound: 2 }\n  - { groups: halves, fromRound: 2, untilRound: 3 }\n`
  expect(() => loadScenario(text, { file: 'x.yaml' })).toThrow(
    'x.yaml:9:34: partitions.1.fromRound: the partition before it lasts until round 2: one begins after the other, found 2',
  )
  expect(loadScenario(text.replace('fromRound: 2', 'fromRound: 3'), { file: 'x.yaml' }).cells).toHaveLength(1)
})

test('nor is a cell compared with itself, once an override has made it the baseline', () => {
  const text = `${leastText}sweep: { adversaries: [{ count: 0 }, { count: 1, behaviour: silent }] }
expect:
  - { where: { malicious: 1 }, check: accuracy.least >= baseline.accuracy.least - 0.1 }
  - { check: liveness.certified == liveness.rounds }
`
  const { skipped, expectations } = load(text, { overrides: ['adversaries={ count: 1, behaviour: sign-flip }'] })
  expect(skipped).toEqual([expect.stringContaining('1 liar: least accuracy')])
  expect(expectations).toHaveLength(1)
  expect(load(text, { overrides: ['rounds=2'] }).skipped).toEqual([])
})

test('what is expected of cells that an override has changed into others is skipped, not wrong', () => {
  const loaded = load(exampleText, { overrides: ['adversaries={count: 3, behaviour: silent}'] })
  expect(loaded.skipped).toEqual(['evidence.culprits == 4'])
  expect(loaded.expectations.map(({ text }) => text)).toContain('three liars cost at most two points of accuracy')
  expect(load(loaded.resolved).expectations).toEqual(loaded.expectations)
  expect(load(exampleText).skipped).toEqual([])
  // Not about what was changed.
  expect(
    errorOf(exampleText.replace('count: 4, behaviour: split-brain', 'count: 5'), { overrides: ['rounds=2'] }).message,
  ).toContain('no cell matches')
})

test('merge keys of YAML are known, in the file and in overrides', () => {
  const text = `${leastText}task: &t { trainSamples: 400, testSamples: 100 }
sweep:
  - { label: a, task: *t }
  - { label: b, task: { <<: *t, trainSamples: 300 } }
`
  const samples = (loaded: LoadedScenario) => loaded.cells.map(({ parameters: { task } }) => task.trainSamples)
  expect(samples(load(text))).toEqual([400, 300])
  expect(load(load(text).resolved).cells).toEqual(load(text).cells)
  expect(samples(load(text, { overrides: ['task={ <<: { testSamples: 50 }, trainSamples: 200 }'] }))).toEqual([200])
  expect(errorOf(text.replace('trainSamples: 300', 'trainSample: 300')).message).toContain(
    'did you mean "trainSamples"?',
  )
})

test.each([
  ['question: Does it run?', 'question: "Does it \\e[31mrun?"', /x\.yaml:2:11: question: must be without control/],
  ['rounds: 1', 'rounds: 1\nsweep: { label: "a\\u009b31m", rounds: [1] }', /sweep\.label: must be one line without/],
  ['rounds: 1', 'rounds: 1\nsweep: [{ label: "a\\nb", rounds: 1 }]', /sweep\.0\.label: must be one line without/],
  [
    'rounds: 1',
    'rounds: 1\nexpect: [{ check: rounds > 0, text: "\\u202e" }]',
    /expect\.0\.text: must be without control/,
  ],
  ['rounds: 1', 'rounds: 1\nplot: { rows: peers, columns: rounds, title: "\\0" }', /plot.*: must be without control/],
])('control characters are refused: %#', (from, to, message) => {
  expect(leastText).toContain(from)
  expect(errorOf(leastText.replace(from, to)).message).toMatch(message)
})

test('a question may go over several lines, and no label steers a terminal', () => {
  expect(load(leastText.replace('question: Does it run?', 'question: |\n  Does it\n  run?')).question).toBe(
    'Does it\nrun?\n',
  )
  const { cells } = load(leastText, { dataDir: 'da\x1b[31mta' })
  const swept = load(`${leastText}sweep: { task.data: ["a\\e[31m", b] }\n`)
  expect(cells[0]!.label).toBe('no liars')
  expect(swept.cells.map(({ label }) => label)).toEqual(['no liars, data a?[31m', 'no liars, data b'])
})
