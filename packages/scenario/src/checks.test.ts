import { expect, test } from 'vitest'
import { loadScenario } from './load.ts'
import { leastText } from './testing/scenario-fixture.ts'

const load = (peers: number, network: string) =>
  loadScenario(leastText.replace('peers: 4', `peers: ${peers}\nnetwork: ${network}`), { file: 'scenarios/x.yaml' })

test('libp2p takes as many peers as fit into an envelope, and the virtual network more', () => {
  for (const network of ['{ transport: memory }', '{ transport: tcp }'])
    expect(() => load(10_000, network)).toThrow(
      /3:8: peers: the envelopes of more than 5\d\d peers do not fit into gossip's 128 KiB: make it at most 5\d\d, or set network to virtual; found 10000/,
    )
  expect(load(500, '{ transport: memory }').cells).toHaveLength(1)
  expect(load(1_000, '{ transport: virtual }').cells).toHaveLength(1)
})

test('checkpoints are of exact agreement, without what lasts over rounds', () => {
  const checkpoints = (text: string) => loadScenario(`${leastText}checkpointEvery: 2\n${text}\n`, { file: 'x.yaml' })
  expect(checkpoints('').cells[0]!.parameters.checkpointEvery).toBe(2)
  expect(() => checkpoints('agreement: trusted')).toThrow(
    /6:18: checkpointEvery: trusted agreement has no certificates: leave checkpointEvery out/,
  )
  expect(() => checkpoints('agreement: { kind: asynchronous, variant: ordered }')).toThrow(
    'asynchronous agreement goes on from more than its certificates: leave checkpointEvery out',
  )
  const parted = 'partitions: { groups: halves, fromRound: 1, untilRound: 2 }'
  const crashing = 'network: { transport: virtual, crashes: [{ peer: 0, round: 1, afterMs: 0 }] }'
  expect(() => checkpoints(parted)).toThrow('partitions last over rounds: leave checkpointEvery out')
  expect(() => checkpoints(`${parted}\n${crashing}`)).toThrow(
    'partitions last over rounds, and crashes last over rounds',
  )
  expect(checkpoints('agreement: { kind: exact, pauses: present }').cells).toHaveLength(1)
  expect(() => checkpoints('agreement: { kind: exact, pauses: memory }')).toThrow(
    'the updates that `memory` lets stand in are in no certificate: leave checkpointEvery out',
  )
})

test('data of a file can be poisoned, and those of a program of ones own cannot', () => {
  const poisoned = (behaviour: string, task: string) =>
    loadScenario(`${leastText}task: { ${task} }\nadversaries: { count: 1, behaviour: ${behaviour} }\n`, {
      file: 'x.yaml',
    })
  for (const poison of ['label-flip', 'label-noise', 'backdoor', 'hyperactive'])
    expect(poisoned(poison, 'data: { kind: table, train: x.csv, label: y }').cells).toHaveLength(1)
  expect(() => poisoned('backdoor', 'trainer: { command: [x] }')).toThrow(
    'backdoor poisons data of the task pictures, and this is external',
  )
})

test('the f of a rule may be another than that of the agreement, and is checked with each number of updates that a round may have', () => {
  const rule = (text: string, most = '') =>
    loadScenario(leastText.replace('peers: 4\ntolerated: 1', `peers: 25\n${most}aggregation: ${text}`), {
      file: 'x.yaml',
    })
  const buckets = '{ rule: median, before: [{ bucketing: { size: 2 } }], tolerated: 5 }'
  // 20 updates make 10 buckets, of which 5 that lie are too many; 23 make 12.
  expect(() => rule(buckets, 'tolerated: 5\n')).toThrow('(25 peers agree on 20 to 25 updates)')
  expect(rule(buckets, 'tolerated: 2\n').cells[0]!.parameters.aggregation.tolerated).toBe(5)
  expect(rule(buckets, 'tolerated: 5\nagreement: trusted\n').cells).toHaveLength(1)
  expect(() => rule('{ rule: median, tolerated: 13 }', 'tolerated: 8\nagreement: trusted\n')).toThrow(
    '(25 peers take in all 25 updates)',
  )
  expect(rule('{ rule: median, tolerated: 12 }', 'tolerated: 8\nagreement: trusted\n').cells).toHaveLength(1)
})

test('who crashes or is slow is one of the peers', () => {
  const virtual = (text: string) =>
    loadScenario(`${leastText}network: { transport: virtual, ${text} }\n`, { file: 'x.yaml' })
  expect(virtual('slow: [{ peer: 3, times: 9 }]').cells).toHaveLength(1)
  for (const text of ['slow: [{ peer: 4, times: 9 }]', 'crashes: [{ peer: 4, round: 1 }]'])
    expect(() => virtual(text)).toThrow('there are peers 0 to 3, found 4')
})

test('updates lose chunks where something says what becomes of that', () => {
  const lossy = (text: string) =>
    loadScenario(`${leastText}exchange: { loss: { rate: 0.1, chunk: 1000 } }\nagreement: ${text}\n`, { file: 'x.yaml' })
  for (const agreement of ['trusted', 'averaging', '{ kind: exact, chunkMs: 200 }'])
    expect(lossy(agreement).cells).toHaveLength(1)
  for (const agreement of ['asynchronous', '{ kind: asynchronous, variant: ordered }'])
    expect(() => lossy(agreement)).toThrow('set agreement.kind to exact, trusted or averaging')
  expect(() => lossy('exact')).toThrow('say how long they wait for chunks')
  expect(lossy('trusted\ntopology: { kind: ring }').cells).toHaveLength(1)
  expect(() => lossy('{ kind: exact, chunkMs: 200 }\ntopology: { kind: ring }')).toThrow(
    'each peer needs 3 neighbours, and peer 0 has 2',
  )
})

test('vouches are heard where peers count weights', () => {
  const vouching = (agreement: string) =>
    loadScenario(`${leastText}agreement: ${agreement}\ntrust: { preTrusted: [0, 1, 2, 3], every: 1, scale: 1 }\n`, {
      file: 'x.yaml',
    })
  expect(vouching('exact').cells).toHaveLength(1)
  for (const agreement of ['averaging', 'trusted', 'asynchronous'])
    expect(() => vouching(agreement)).toThrow(`in ${agreement} agreement nobody hears vouches`)
})

test('a word may stand for a section that has no more to say, in the file, in sweeps, in --set and in conditions', () => {
  const text = `${leastText}topology: ring
sweep: { aggregation: [median, { rule: trimmed-mean }], agreement: [exact, averaging] }
expect: [{ where: { aggregation: median, agreement: averaging, topology: ring }, check: liveness.ended == 1 }]
`
  const { cells, expectations } = loadScenario(text, { file: 'x.yaml', overrides: ['topology=full'] })
  expect(
    cells.map(({ parameters: { aggregation, agreement, topology } }) => [
      aggregation.rule,
      agreement.kind,
      topology.kind,
    ]),
  ).toEqual([
    ['median', 'exact', 'full'],
    ['median', 'averaging', 'full'],
    ['trimmed-mean', 'exact', 'full'],
    ['trimmed-mean', 'averaging', 'full'],
  ])
  expect(expectations).toEqual([])
  expect(loadScenario(text, { file: 'x.yaml' }).expectations[0]!.cells).toEqual([1])
  expect(() => loadScenario(text, { file: 'x.yaml', overrides: ['topology=rng'] })).toThrow('did you mean "ring"?')
})
