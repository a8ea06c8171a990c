import { loadScenario } from '@hearsay/scenario'
import { leastText } from '@hearsay/scenario/testing/scenario-fixture'
import { expect, test } from 'vitest'
import { checkForeseen } from './foreseen.ts'

const load = (text: string) => loadScenario(leastText + text, { file: 'x.yaml' })

test('a job that any later seed or cell makes impossible is known before the first', async () => {
  const twenty = leastText.replace('peers: 4\ntolerated: 1', 'peers: 20\ntolerated: 6')
  const loadTwenty = (text: string) => loadScenario(twenty + text, { file: 'x.yaml' })
  const task = 'task: { partition: { kind: dirichlet, alpha: 0.05 } }\n'
  await checkForeseen(loadTwenty(task))
  await expect(checkForeseen(loadTwenty(`${task}seeds: [1, 2]\n`))).rejects.toMatchObject({
    code: 'impossible',
    message: expect.stringMatching(/^cell "no liars", seed 2: partition dirichlet .*; nothing was run$/),
  })
  const sweep = 'sweep: [{ label: first, rounds: 2 }, { label: second, task.trainSamples: 60 }]\n'
  await expect(checkForeseen(load(sweep))).rejects.toMatchObject({
    code: 'impossible',
    message: expect.stringMatching(/^cell "second", seed 1: 4 peers with batches of 32 need 128/),
  })
})

test('data that is nowhere is told as it is, and an interrupt ends the check', async () => {
  await expect(checkForeseen(load('task: { dataset: mnist }\n'))).rejects.toMatchObject({ code: 'data-missing' })
  const reason = new Error('enough')
  await expect(checkForeseen(load(''), AbortSignal.abort(reason))).rejects.toBe(reason)
})

test('peers on TCP that need more sockets than a process may have are refused, with the number', async () => {
  const many = 'network: tcp\npeers: 200\ntolerated: 66\ntask: { trainSamples: 10000 }\n'
  const scenario = loadScenario(many + leastText.replace('peers: 4\ntolerated: 1\n', ''), { file: 'x.yaml' })
  // 200 listen, each link has two ends; and the process itself.
  await expect(checkForeseen(scenario)).rejects.toMatchObject({
    code: 'impossible',
    message: expect.stringMatching(
      /^cell "no liars": a run of 200 peers with 19900 links over TCP needs about 40060 file/,
    ),
  })
})
