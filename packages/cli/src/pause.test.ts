import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { hearsay } from './testing/hearsay-process.ts'

const folder = mkdtempSync(join(tmpdir(), 'hearsay-pause-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('hearsay pause and resume say what they did, and what the others make of it', async () => {
  const home = join(folder, 'peer')
  await hearsay('init', home, '--listen', '/ip4/127.0.0.1/tcp/0')
  expect((await hearsay('pause', home)).stdout).toMatch(
    /^Paused .*no agreement.pauses, so the others take it for silent/,
  )
  expect((await hearsay('pause', home)).stdout).toMatch(
    /paused already, since 2\S+\. It does not run: it is paused when it/,
  )
  await expect(hearsay('pause', home, '--back-to', '3')).rejects.toMatchObject({
    ...{ code: 2, stderr: expect.stringMatching(/--back-to: .* has no agreement\.pauses, so nobody would hear of it/) },
  })
  const file = join(home, 'genesis.yaml')
  writeFileSync(file, `${readFileSync(file, 'utf8')}agreement: { pauses: memory }\n`)
  expect(JSON.parse((await hearsay('pause', home, '--json')).stdout)).toEqual({
    ...{ paused: true, since: expect.stringMatching(/^2/), runs: false, policy: 'memory', backTo: null },
  })
  expect(existsSync(join(home, 'paused'))).toBe(true)
  await expect(hearsay('pause', home, '--back-to', '3')).rejects.toMatchObject({
    ...{ code: 2, stderr: expect.stringMatching(/by its ledger no round 3 has ended; name one that has/) },
  })
  expect((await hearsay('resume', home)).stdout).toMatch(/^Resumed, after a pause since 2.*It does not run/)
  expect((await hearsay('resume', home)).stdout).toMatch(/^It was not paused\./)
  expect(existsSync(join(home, 'paused'))).toBe(false)
})
