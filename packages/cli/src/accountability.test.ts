import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hearsay } from './testing/command.ts'

/** The cell of one-third that forks, on a task that trains in no time: four of ten tell two halves two stories. */
const forked = `name: forked
question: Who was it?
peers: 10
tolerated: 3
task: { model: logistic, trainSamples: 1000, testSamples: 100 }
learning: { localSteps: 2 }
agreement: { graceMs: 50 }
rounds: 2
stallMs: 60000
adversaries: { count: 4, behaviour: split-brain }
partitions: { groups: halves, bridge: adversaries, fromRound: 1, untilRound: 2 }
`

let folder: string
let ledgers: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hearsay-accountability-'))
  writeFileSync(join(folder, 'forked.yaml'), forked)
  const { code, stderr } = await hearsay(['run', 'forked.yaml', '--archive', '--no-pictures'], { cwd: folder })
  expect(stderr).toBe('')
  expect(code).toBe(0)
  ledgers = join(folder, 'runs', 'latest', 'ledgers', 'cell-0-seed-1')
}, 180_000)

afterAll(() => rmSync(folder, { recursive: true, force: true }))

const inFolder = (...words: string[]) => hearsay(words, { cwd: folder })

test('a run that forked has the ledger of every honest peer, and each is sound, aggregates too', async () => {
  const peers = [0, 1, 2, 3, 4, 5].map((at) => `peer-${at}`)
  expect(readdirSync(ledgers).sort()).toEqual(['genesis.json', 'payloads', ...peers])
  const { code, stdout, stderr } = await inFolder('verify', 'runs/latest', '--json')
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  const told = JSON.parse(stdout)
  expect(told.sound).toBe(true)
  expect(told.ledgers).toHaveLength(6)
  for (const { rounds, broken, aggregates, evidence } of told.ledgers) {
    expect(rounds).toBeGreaterThanOrEqual(1)
    expect(broken).toBeUndefined()
    expect(aggregates).toEqual({ recomputed: rounds })
    expect(evidence).toContainEqual(expect.objectContaining({ proves: expect.objectContaining({ kind: 'fork' }) }))
  }
})

test('forensics names all four culprits and nobody else, and its proofs stand alone', async () => {
  const { code, stdout } = await inFolder('forensics', 'runs/latest')
  expect(code).toBe(1)
  expect(stdout).toMatch(
    /^Network [0-9a-f]{64}: 10 peers, of which 3 may lie\n {2}6 ledgers, of \d to \d rounds, in \S+cell-\d+-seed-\d+\n/,
  )
  expect(stdout).toContain('✗ The agreement broke in round 1: there are 2 checkpoints for it')
  expect(stdout).toContain('Guilty, by their own signatures: 4; a fork takes at least f + 1 = 4')
  expect(
    stdout
      .match(/^ {6}peer \d, 12D3Koo\w+: fork in round 1/gm)!
      .map((line) => line.trim().slice(0, 6))
      .sort(),
  ).toEqual(['peer 6', 'peer 7', 'peer 8', 'peer 9'])
  const proof = /\[1\] (runs\/latest\/proofs\/[0-9a-f]{16}\/fork-1\.json)/.exec(stdout)![1]!
  const alone = join(folder, 'proof.json')
  writeFileSync(alone, readFileSync(join(folder, proof)))
  const [, network] = /^Network ([0-9a-f]{64})/.exec(stdout)!
  const verified = await hearsay(['verify', alone, '--network', network!])
  expect(verified).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/proves fork in round 1 by (peer [6-9](, )?){4}/),
  })
  const foreign = await hearsay(['verify', alone, '--network', 'f'.repeat(64)])
  expect(foreign).toMatchObject({ code: 1, stdout: expect.stringContaining(`not of ${'f'.repeat(64)}`) })
})

test('two ledgers are enough, without the evidence that was kept beside them', async () => {
  writeFileSync(join(folder, 'genesis.json'), readFileSync(join(ledgers, 'genesis.json')))
  // Halves are by index: the first honest peer and the last.
  for (const at of [0, 5])
    writeFileSync(join(folder, `bare-${at}`), readFileSync(join(ledgers, `peer-${at}`, 'ledger')))
  const { code, stdout } = await inFolder('forensics', 'bare-0', 'bare-5', '--out', 'elsewhere', '--json')
  expect(code).toBe(1)
  const [{ culprits, proofs }] = JSON.parse(stdout).verdicts
  expect(culprits.map(({ name }: { name: string }) => name).sort()).toEqual(['peer 6', 'peer 7', 'peer 8', 'peer 9'])
  expect(proofs[0].path).toMatch(/^elsewhere\//)
})

test('a tampered ledger: exit code 1, with round and reason', async () => {
  const ledger = join(ledgers, 'peer-0', 'tampered')
  const bytes = readFileSync(join(ledgers, 'peer-0', 'ledger'))
  bytes[bytes.length - 1]! ^= 1
  writeFileSync(ledger, bytes)
  const { code, stdout } = await hearsay(['verify', ledger])
  expect(code).toBe(1)
  expect(stdout).toMatch(
    /certificates {2}✗ broken in round \d: .* a wrong signature of peer \d; the \d before are sound/,
  )
  expect(stdout).toMatch(/Broken\.\n$/)
})

test('what cannot be checked at all: exit code 2, and what to do', async () => {
  const missing = await hearsay(['verify', join(folder, 'nothing')])
  expect(missing).toMatchObject({ code: 2, stderr: expect.stringContaining('there is no such file or folder') })
  const noise = join(folder, 'noise.json')
  writeFileSync(noise, '{}')
  expect(await hearsay(['verify', noise])).toMatchObject({ code: 2, stderr: expect.stringContaining('noise.json: ') })
})

test('an equivocation in averaging, found in a run, is proved to whoever has the file alone', async () => {
  const words = [
    'name=averaged',
    'agreement=averaging',
    'adversaries={ count: 1, behaviour: equivocate }',
    'partitions=[]',
  ]
  const set = [...words, 'network={ transport: virtual, signatures: ed25519 }'].flatMap((each) => ['--set', each])
  const out = join(folder, 'averaged')
  const ran = await hearsay(['run', 'forked.yaml', '--no-pictures', '--out', out, ...set], { cwd: folder })
  expect([ran.code, ran.stderr], ran.stdout).toEqual([0, ''])
  const verified = await hearsay(['verify', join(out, 'latest')])
  expect(verified.stdout).toContain('no certificates, since rounds are averaged')
  expect(verified).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/proves equivocation in round 1 by peer 9\n/),
  })
  const { code, stdout } = await hearsay(['forensics', join(out, 'latest')])
  expect([code, stdout]).toEqual([1, expect.stringContaining('– Its rounds are averaged, and not certified')])
  expect(stdout).toMatch(/^ {6}peer 9, 12D3Koo\w+: equivocation in round 1 \[1\]$/m)
  const [, proof] = /\[1\] (\S+equivocation-1\.json)/.exec(stdout)!
  const file = JSON.parse(readFileSync(proof!, 'utf8'))
  const alone = join(folder, 'averaging-proof.json')
  writeFileSync(alone, JSON.stringify(file))
  expect(await hearsay(['verify', alone])).toMatchObject({ code: 0, stdout: expect.stringMatching(/Sound\.\n$/) })
  const bytes = Buffer.from(file.proof, 'base64')
  bytes[bytes.length - 1]! ^= 1
  writeFileSync(alone, JSON.stringify({ ...file, proof: bytes.toString('base64') }))
  expect(await hearsay(['verify', alone])).toMatchObject({ code: 1, stdout: expect.stringMatching(/Broken\.\n$/) })
}, 120_000)
