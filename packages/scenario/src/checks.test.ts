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

test('data of a file can be poisoned by flipped labels, and by no patch', () => {
  const poisoned = (behaviour: string) =>
    `${leastText}task: { data: { kind: table, train: x.csv, label: y } }\nadversaries: { count: 1, behaviour: ${behaviour} }\n`
  expect(loadScenario(poisoned('label-flip'), { file: 'x.yaml' }).cells).toHaveLength(1)
  expect(() => loadScenario(poisoned('backdoor'), { file: 'x.yaml' })).toThrow(
    'backdoor poisons data of the task pictures, and this is samples',
  )
})
