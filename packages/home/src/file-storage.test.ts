import { appendFileSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findLedgers, verifyLedger } from '@hearsay/ledger'
import { certificateOf, checkpointOf, createRoster, said } from '@hearsay/libp2p/testing/roster'
import { digest } from '@hearsay/peer/testing/digest'
import { endedBy, equivocation, fork } from '@hearsay/protocol'
import { describe, expect, it } from 'vitest'
import { FileStorage } from './file-storage.ts'
import { chain, folderForEach, network, record, roster } from './testing/state.ts'

const folder = folderForEach()

const echo = (round: number, text: string) =>
  said(roster, 0, { round, previous: network.genesis }, [{ kind: 'echo', sender: 1, digest: digest(text) }])
const idsOf = (storage: FileStorage) => storage.saidBefore.map(({ id }) => id)
const sizeOf = (name: string) => statSync(join(folder.path, name)).size

/** The file with one bit of the length of one line flipped, for each line and bit. */
function withWrongLengths(whole: Buffer): Buffer[] {
  const wrong: Buffer[] = []
  for (let at = 0; at < whole.length; at += 4 + whole.readUInt32LE(at)) {
    for (let bit = 0; bit < 32; bit++) {
      const copy = Buffer.from(whole)
      copy[at + (bit >> 3)]! ^= 1 << (bit & 7)
      wrong.push(copy)
    }
  }
  return wrong
}

describe('the ledger', () => {
  it('gives back the chain, certificate by certificate, and goes on from its end', () => {
    const [first, second, third] = chain(3)
    const storage = folder.open()
    expect(storage.height).toBe(0)
    expect(storage.head).toBeUndefined()
    storage.ended(endedBy(first!))
    storage.ended(endedBy(second!))
    storage.close()
    const again = folder.open()
    expect(again.head?.certificate).toEqual(second)
    again.ended(endedBy(third!))
    again.close()
    const last = folder.open()
    expect(last.height).toBe(3)
    expect(last.head?.certificate).toEqual(third)
    expect(last.certificate(0)).toBeUndefined()
    expect(last.certificate(4)).toBeUndefined()
    const copies = [1, 2, 3].map((round) => Buffer.from(last.certificate(round)!))
    expect(Buffer.concat(copies.flatMap((copy) => [Buffer.alloc(4), copy])).length).toBe(sizeOf('ledger'))
    last.close()
  })

  it('cut off at any byte, is read up to the last whole certificate, and is sound again afterwards', () => {
    const certificates = chain(3)
    const storage = folder.open()
    const ends = certificates.map((certificate) => {
      storage.ended(endedBy(certificate))
      return sizeOf('ledger')
    })
    storage.close()
    const whole = readFileSync(join(folder.path, 'ledger'))
    for (let size = 0; size <= whole.length; size += 7) {
      writeFileSync(join(folder.path, 'ledger'), whole.subarray(0, size))
      const height = ends.filter((end) => end <= size).length
      const cut = folder.open()
      expect(cut.height).toBe(height)
      for (const certificate of certificates.slice(height)) cut.ended(endedBy(certificate))
      cut.close()
      expect(readFileSync(join(folder.path, 'ledger')).equals(whole)).toBe(true)
    }
  })

  it('is read though it is larger than what Node reads at once', () => {
    const storage = folder.open()
    for (const certificate of chain(2)) storage.ended(endedBy(certificate))
    storage.close()
    appendFileSync(join(folder.path, 'ledger'), Buffer.from([0, 0, 0, 0, 1]))
    truncateSync(join(folder.path, 'ledger'), 2 ** 31 + 10)
    expect(folder.open).toThrow('certificate 3 (')
  })

  it('drops a last certificate of which the disk kept the length only, or nothing but zeros', () => {
    const storage = folder.open()
    for (const certificate of chain(2)) storage.ended(endedBy(certificate))
    storage.close()
    const path = join(folder.path, 'ledger')
    const whole = readFileSync(path)
    const [first] = chain(1)
    for (const from of [whole.length / 2, whole.length / 2 + 4, whole.length / 2 + 100]) {
      writeFileSync(path, Buffer.from(whole).fill(0, from))
      const torn = folder.open()
      expect(torn.head?.certificate).toEqual(first)
      torn.close()
    }
  })

  it.each([
    ['damaged in the middle', (bytes: Buffer) => bytes.fill(0, 40, 60)],
    ['with a chain that has a gap', (bytes: Buffer) => bytes.subarray(bytes.length / 3)],
    ['of noise', (bytes: Buffer) => bytes.fill(7)],
    ['of one certificate, damaged', (bytes: Buffer) => bytes.subarray(0, bytes.length / 3).fill(1, 30, 40)],
  ])('%s, is refused, and left as it is', (_, damage) => {
    const storage = folder.open()
    for (const certificate of chain(3)) storage.ended(endedBy(certificate))
    storage.close()
    const path = join(folder.path, 'ledger')
    writeFileSync(path, damage(readFileSync(path)))
    const before = readFileSync(path)
    expect(() => folder.open()).toThrow(
      expect.objectContaining({ code: 'state-corrupt', message: expect.stringContaining('ledger: ') }),
    )
    expect(readFileSync(path).equals(before)).toBe(true)
  })

  it('with a wrong bit in a length, is refused, and left as it is: what follows was certified', () => {
    const storage = folder.open()
    for (const certificate of chain(3)) storage.ended(endedBy(certificate))
    storage.close()
    const path = join(folder.path, 'ledger')
    const whole = readFileSync(path)
    for (const wrong of withWrongLengths(whole)) {
      writeFileSync(path, wrong)
      expect(() => folder.open()).toThrow(expect.objectContaining({ code: 'state-corrupt' }))
      expect(readFileSync(path).equals(wrong)).toBe(true)
    }
  })

  it('is trusted as far as the newest certificate vouches for it: old signatures are not checked again', () => {
    const storage = folder.open()
    const certificates = chain(3)
    for (const certificate of certificates) storage.ended(endedBy(certificate))
    storage.close()
    const path = join(folder.path, 'ledger')
    const whole = readFileSync(path)
    const [first, , third] = certificates
    /** With one bit of this signature changed. */
    const damaged = (signature: Uint8Array): Buffer => {
      const bytes = Buffer.from(whole)
      bytes[bytes.indexOf(signature)]! ^= 1
      return bytes
    }
    writeFileSync(path, damaged(first!.signatures.get(1)!))
    const trusting = folder.open()
    expect(trusting.head?.certificate).toEqual(third)
    trusting.close()
    expect(verifyLedger(findLedgers(folder.path)[0]!)).toMatchObject({
      rounds: 0,
      broken: { round: 1, reason: `a certificate with a wrong signature of ${roster.ids[1]}` },
    })
    // A write that was torn is dropped; a newest certificate that is wrong otherwise is no head.
    writeFileSync(path, Buffer.concat([damaged(third!.signatures.get(1)!), Buffer.from([4, 0, 0, 0, 1, 2, 3, 4])]))
    expect(() => folder.open()).toThrow(expect.objectContaining({ code: 'state-corrupt' }))
  })

  it('of another network is refused, and its record left as it is', async () => {
    const storage = folder.open()
    storage.ended(endedBy(chain(1)[0]!))
    storage.close()
    const other = await createRoster(4, 1, 'another genesis')
    expect(() => new FileStorage(folder.path, other.networks[0]!, { record: other.record })).toThrow(
      expect.objectContaining({
        code: 'other-network',
        message: expect.stringMatching(/genesis\.yaml is now: .*Nothing is damaged/),
      }),
    )
    expect(readFileSync(join(folder.path, 'genesis.json'), 'utf8')).toBe(record)
  })

  it('of another roster is told by what differs, also when nothing was certified but something said', async () => {
    const storage = folder.open()
    storage.said([echo(1, 'a')])
    storage.close()
    const five = await createRoster(5, 1)
    const reopen = () => new FileStorage(folder.path, five.networks[0]!, { record: five.record })
    expect(reopen).toThrow(
      expect.objectContaining({
        code: 'other-network',
        message: expect.stringMatching(/peers: 4 → 5, new 12D3Koo\w+/),
      }),
    )
    // Where nothing was said, nothing can be contradicted.
    rmSync(join(folder.path, 'said-1'))
    reopen().close()
    expect(readFileSync(join(folder.path, 'genesis.json'), 'utf8')).toBe(five.record)
  })
})

describe('what was said', () => {
  it('is given back in order, each once, however often it is said again', () => {
    const words = [echo(1, 'a'), echo(1, 'b'), echo(1, 'c')]
    let storage = folder.open()
    storage.said(words.slice(0, 2))
    storage.said(words.slice(2))
    const size = sizeOf('said-1')
    for (let life = 0; life < 3; life++) {
      storage.close()
      storage = folder.open()
      expect(idsOf(storage)).toEqual(words.map(({ id }) => id))
      storage.said(storage.saidBefore)
      expect(sizeOf('said-1')).toBe(size)
    }
    storage.close()
  })

  it('after a line that was cut off, is not lost', () => {
    const words = [echo(1, 'a'), echo(1, 'b'), echo(1, 'c')]
    const ids = words.map(({ id }) => id)
    folder.open().said(words.slice(0, 2))
    const path = join(folder.path, 'said-1')
    truncateSync(path, sizeOf('said-1') - 9)
    const second = folder.open()
    expect(idsOf(second)).toEqual(ids.slice(0, 1))
    second.said(words.slice(2))
    expect(idsOf(folder.open())).toEqual([ids[0], ids[2]])
    appendFileSync(path, Buffer.alloc(300))
    expect(idsOf(folder.open())).toEqual([ids[0], ids[2]])
  })

  it('is kept of the certified round too, should its certificate be torn, and of none before', () => {
    const storage = folder.open()
    const [first, second] = chain(2)
    storage.said([echo(1, 'a')])
    storage.said([echo(1, 'b'), echo(2, 'c')])
    storage.ended(endedBy(first!))
    storage.said([echo(2, 'd'), echo(3, 'e')])
    storage.ended(endedBy(second!))
    expect(readdirSync(folder.path).sort()).toEqual(['genesis.json', 'ledger', 'payloads', 'said-2', 'said-3'])
    expect(idsOf(storage)).toEqual([echo(3, 'e').id])
    storage.close()
    truncateSync(join(folder.path, 'ledger'), sizeOf('ledger') - 1)
    const torn = folder.open()
    expect(torn.height).toBe(1)
    expect(idsOf(torn)).toEqual([echo(2, 'c').id, echo(2, 'd').id, echo(3, 'e').id])
    torn.close()
  })

  it('damaged in the middle, is refused: a peer that forgot may contradict itself', () => {
    const storage = folder.open()
    storage.said([echo(1, 'a'), echo(1, 'b')])
    storage.close()
    const path = join(folder.path, 'said-1')
    const whole = readFileSync(path)
    for (const wrong of [Buffer.from(whole).fill(9, 50, 52), ...withWrongLengths(whole)]) {
      writeFileSync(path, wrong)
      expect(() => folder.open().saidBefore).toThrow(expect.objectContaining({ code: 'state-corrupt' }))
    }
  })
})

it('says that it cannot remember when the disk refuses a write', async () => {
  const storage = folder.open()
  storage.close()
  // A closed file refuses writes as a full disk does.
  for (const write of [
    () => storage.ended(endedBy(chain(1)[0]!)),
    () => {
      rmSync(folder.path, { recursive: true })
      storage.said([echo(1, 'a')])
    },
  ])
    expect(write).toThrow(expect.objectContaining({ code: 'storage-failed' }))
  await expect(storage.keep(1, digest('x'), new Uint8Array(4))).rejects.toMatchObject({ code: 'storage-failed' })
})

describe('evidence', () => {
  it('of a fork is found again, by anybody who starts from this folder.path, and a damaged file is none', () => {
    const at = { round: 1, previous: network.genesis }
    const first = certificateOf(roster, checkpointOf(roster, at, 'one model'), [0, 1, 3])
    const second = certificateOf(roster, checkpointOf(roster, at, 'another model'), [1, 2, 3])
    const storage = folder.open()
    expect(storage.fork).toBeUndefined()
    storage.evidence(fork(first, second, network))
    storage.close()
    const again = folder.open()
    expect(again.fork?.evidence).toMatchObject({ kind: 'fork', round: 1, culprits: [1, 3] })
    const { path } = again.fork!
    writeFileSync(path, readFileSync(path).subarray(1))
    expect(again.fork).toBeUndefined()
    again.close()
  })

  it('of one equivocator is kept once, and stops nobody', () => {
    const contradict = (round: number) =>
      equivocation(echo(round, `one ${round}`), echo(round, `other ${round}`), network)
    const storage = folder.open()
    for (const round of [1, 2, 3]) storage.evidence(contradict(round))
    expect(readdirSync(join(folder.path, 'evidence'))).toEqual(['equivocation-0.json'])
    expect(storage.fork).toBeUndefined()
    storage.close()
  })
})
