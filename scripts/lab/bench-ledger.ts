/**
 * How long a ledger takes: `node scripts/lab/bench-ledger.ts [--rounds 10000] [--peers 10]`. Writes one with real
 * signatures, and prints how long a peer takes to start from it and a stranger to verify it.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FileStorage } from '@hearsay/home'
import { findLedgers, verifyLedger } from '@hearsay/ledger'
import { LedgerFixture } from '@hearsay/ledger/testing/ledger-fixture'
import { commandLine, usageError } from '../command-line.ts'

const values = commandLine(
  `node scripts/lab/bench-ledger.ts: how long a ledger takes to start from, and to check.

  --rounds N  so many certificates; 10,000 unless given
  --peers N   so many peers sign; 10 unless given`,
  { rounds: { type: 'string', default: '10000' }, peers: { type: 'string', default: '10' } },
)
const [rounds, peers] = (['rounds', 'peers'] as const).map((name) => {
  const number = Number(values[name])
  return Number.isSafeInteger(number) && number > 0
    ? number
    : usageError(`--${name} takes a whole number from 1, found ${values[name]}`)
}) as [number, number]
const tolerated = Math.floor((peers - 1) / 3)

function timed<T>(what: string, run: () => T): T {
  const startedMs = performance.now()
  const result = run()
  console.log(`${what.padEnd(52)} ${((performance.now() - startedMs) / 1000).toFixed(2)} s`)
  return result
}

const folder = mkdtempSync(join(tmpdir(), 'hearsay-bench-ledger-'))
try {
  const fixture = await LedgerFixture.create(peers, tolerated)
  const quorum = Math.floor((peers + tolerated) / 2) + 1
  const certificates = fixture.chain(rounds, [...Array(quorum).keys()])
  fixture.write(folder, certificates, false)
  const ledger = join(folder, 'ledger')
  console.log(`${rounds} rounds of ${peers} peers, ${quorum} signatures each: ${statSync(ledger).size} bytes`)
  const storage = timed('a peer starts from it', () => new FileStorage(folder, fixture.network, fixture))
  if (storage.height !== rounds) throw new Error('it was not read whole: this is a bug')
  storage.close()
  const [place] = findLedgers(folder)
  const report = timed('hearsay verify checks all signatures', () => verifyLedger(place!))
  if (report.broken !== undefined) throw new Error(report.broken.reason)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
