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
