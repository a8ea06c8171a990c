import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'

/** A cell, run without what asks for descriptors beforehand. */
const script = `
import { startTrainingPool } from '@hearsay/training'
import { runCell } from './run-cell.ts'
import { loadScenario } from '@hearsay/scenario'
const text = 'name: x\\nquestion: q\\npeers: 10\\ntolerated: 3\\nrounds: 1\\nnetwork: tcp\\nstallMs: 2000\\n' +
  'task: { model: logistic, trainSamples: 400, testSamples: 100 }\\n'
const [cell] = loadScenario(text, { file: 'x.yaml' }).cells
const { task, learning, peers } = cell.parameters
const pool = await startTrainingPool({ engine: 'wasm', processes: 1 })
const opened = await pool.open({ task, learning, peers, seed: 1 })
try {
  await runCell({ cell, seed: 1, task: opened })
  console.log('it ran')
} catch (error) {
  console.log(error.code + ': ' + error.message)
}
process.exit()
`

test('peers that cannot all connect are waited for no longer than a stall, and that is why their job fails', () => {
  const { stdout, stderr } = spawnSync(
    'bash',
    ['-c', 'ulimit -n 70; exec "$@"', 'bash', process.execPath, '--input-type=module', '-e', script],
    { cwd: import.meta.dirname, encoding: 'utf8' },
  )
  expect(stdout, stderr).toMatch(/^not-connected: its peers did not all connect over tcp: no more of them did for 2 s;/)
}, 120_000)
