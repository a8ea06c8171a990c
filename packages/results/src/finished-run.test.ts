import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadScenario } from '@hearsay/scenario'
import { expect, test } from 'vitest'
import { finishedRun } from './finished-run.ts'
import { jobsIn, type LoggedRun } from './logged-run.ts'
import type { Manifest } from './manifest.ts'
import type { RoundRow } from './rounds.ts'
import { toParquet } from './rounds-parquet.ts'
import { exampleSummary } from './testing/results-fixture.ts'

const { cells } = loadScenario('name: x\nquestion: Which?\npeers: 4\ntolerated: 1\nrounds: 2\n', { file: 'x.yaml' })
const row = (seed: number, round: number, peer: number, evaluation: RoundRow['evaluation']): RoundRow => ({
  ...{ cell: 0, label: cells[0]!.label, seed, round, peer, evaluation },
  ...{ ended: peer < 2, forked: false, distance: null, bytesSent: 2 ** 33 + peer, bytesReceived: 1 },
  ...{ trainingMs: 0.5 * peer, exchangeMs: null, agreementMs: 1, aggregationMs: Number.NaN },
})

test('what a run that has ended is told of elsewhere is what it was told of at its end', async () => {
  const path = mkdtempSync(join(tmpdir(), 'hearsay-finished-'))
  try {
    const rows = [1, 2 ** 32 - 1].flatMap((seed) =>
      [0, 1, 2].flatMap((peer) => [
        row(seed, 1, peer, {}),
        row(seed, 2, peer, { accuracy: 0.1 * peer, loss: peer === 1 ? null : 3 }),
      ]),
    )
    writeFileSync(join(path, 'rounds.parquet'), toParquet(rows, ['accuracy', 'loss']))
    writeFileSync(join(path, 'plot.png'), 'picture')
    const head = { path, manifest: {} as Manifest, summary: exampleSummary([1]), cells }
    const run: LoggedRun = { ...head, rows, pictures: [{ name: 'plot', png: Buffer.from('picture') }] }
    const found = await finishedRun(head)
    expect(jobsIn(found)).toEqual(jobsIn(run))
    expect(found.pictures).toEqual(run.pictures)
    writeFileSync(join(path, 'rounds.parquet'), 'none')
    await expect(finishedRun(head)).rejects.toMatchObject({ code: 'no-run' })
  } finally {
    rmSync(path, { recursive: true })
  }
})
