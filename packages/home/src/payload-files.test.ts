import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { digest } from '@hearsay/peer/testing/digest'
import { endedBy } from '@hearsay/protocol'
import { describe, expect, it } from 'vitest'
import { chain, folderForEach } from './testing/state.ts'

const folder = folderForEach()

describe('payloads', () => {
  const payload = (round: number) => new TextEncoder().encode(`update of round ${round}`)

  it('are kept for the last round and the one under way, and the newest model for ever', async () => {
    const storage = folder.open()
    const certificates = chain(6)
    const model = new TextEncoder().encode('model 1')
    await storage.keep(1, digest('model 1'), model)
    for (let round = 1; round <= 6; round++) {
      await storage.keep(round, digest(`update of round ${round}`), payload(round))
      storage.ended(endedBy(certificates[round - 1]!))
      if (round === 1) expect(storage.kept(digest('model 1'))).toEqual(model)
    }
    const kept = [1, 2, 3, 4, 5, 6].filter((round) => storage.kept(digest(`update of round ${round}`)) !== undefined)
    expect(kept).toEqual([5, 6])
    expect(storage.kept(digest('model 1'))).toBeUndefined()
    expect(readdirSync(join(folder.path, 'payloads'))).toHaveLength(2)
    storage.close()
  })

  it('are kept for as many rounds more as are archived, also when the peer is started again', async () => {
    let storage = folder.open(2)
    const certificates = chain(6)
    for (let round = 1; round <= 6; round++) {
      await storage.archive(round, digest(`model ${round}`), new TextEncoder().encode(`model ${round}`))
      storage.ended(endedBy(certificates[round - 1]!))
      storage.close()
      storage = folder.open(2)
    }
    const kept = [1, 2, 3, 4, 5, 6].filter((round) => storage.kept(digest(`model ${round}`)) !== undefined)
    expect(kept).toEqual([3, 4, 5, 6])
    storage.close()
  })

  it('are not given out when they are damaged, cut off or gone, nor is what a crash left half-written', async () => {
    const storage = folder.open()
    for (const round of [1, 2, 3, 4]) await storage.keep(round, digest(`update of round ${round}`), payload(round))
    storage.close()
    const path = (round: number) => join(folder.path, 'payloads', digest(`update of round ${round}`))
    writeFileSync(path(1), readFileSync(path(1)).fill(1, 3, 4))
    truncateSync(path(2), 3)
    const parts = [`${path(3)}.part`, `${path(3)}.17.part`]
    for (const part of parts) cpSync(path(3), part)
    const again = folder.open()
    rmSync(path(4))
    expect(parts.filter((part) => existsSync(part))).toEqual([])
    for (const round of [1, 2, 4]) expect(again.kept(digest(`update of round ${round}`))).toBeUndefined()
    expect(again.kept(digest('update of round 3'))).toEqual(payload(3))
    again.close()
  })

  it('of others are kept only where they are archived', async () => {
    const other = digest('update of round 1')
    const storage = folder.open()
    await storage.archive(1, other, payload(1))
    expect(storage.kept(other)).toBeUndefined()
    expect(readdirSync(join(folder.path, 'payloads'))).toEqual([])
    storage.close()
    const archiving = folder.open(1)
    const bytes = payload(1)
    const written = archiving.archive(1, other, bytes)
    // The row that it came from is given to the next.
    bytes.fill(0)
    await written
    expect(archiving.kept(other)).toEqual(payload(1))
    // Who sends it again in a later round needs it in the archive of that round.
    await archiving.archive(3, other, payload(1))
    for (const certificate of chain(4)) archiving.ended(endedBy(certificate))
    expect(archiving.kept(other)).toEqual(payload(1))
    archiving.close()
  })

  it.each(['payloads', 'evidence', '.'])('are read beside what a disk of its own has in %s', async (place) => {
    const strange = join(folder.path, place, 'lost+found')
    mkdirSync(strange, { recursive: true })
    writeFileSync(join(folder.path, place, 'README'), 'not ours')
    const storage = folder.open()
    await storage.keep(1, digest('update of round 1'), payload(1))
    for (const certificate of chain(4)) storage.ended(endedBy(certificate))
    expect(storage.fork).toBeUndefined()
    expect(existsSync(strange)).toBe(true)
    expect(readFileSync(join(folder.path, place, 'README'), 'utf8')).toBe('not ours')
    storage.close()
  })

  it('are waited for by who closes the storage', async () => {
    const storage = folder.open()
    const written = storage.keep(1, digest('update of round 1'), payload(1))
    await storage.settled()
    storage.close()
    expect(readdirSync(join(folder.path, 'payloads'))).toEqual([digest('update of round 1')])
    await written
  })
})
