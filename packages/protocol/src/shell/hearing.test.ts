import { describe, expect, it } from 'vitest'
import { checkpointOf, digest, networksOf, sealed, signedCheckpoint } from '../testing/network.ts'
import type { Network } from '../words/network.ts'
import { RoundRecord } from '../words/record.ts'
import type { Statement } from '../words/statements.ts'
import type { Envelope } from '../words/words.ts'
import { Hearing } from './hearing.ts'

const peers = 4
const networks = networksOf(peers, 1)
const echo = (sender: number, text = 'a'): Statement => ({ kind: 'echo', sender, digest: digest(text) })
const estimate = (instance: number, phase = 1): Statement => ({ kind: 'estimate', instance, phase, value: 1 })

/** A peer that listens to the first two rounds, and how many signatures it has checked. */
function listener(opened?: Network['opened']): { hearing: Hearing; checked: () => number } {
  let checked = 0
  const { keys } = networks[0]!
  const network: Network = {
    ...networks[0]!,
    ...(opened && { opened }),
    keys: {
      sign: keys.sign,
      verify: (peer, bytes, signature) => {
        checked++
        return keys.verify(peer, bytes, signature)
      },
    },
  }
  const hearing = new Hearing(network, () => ({
    isNear: ({ round }) => round <= 2,
    inReach: ({ slots }) => slots.phase <= 4,
    mayTell: () => false,
  }))
  return { hearing, checked: () => checked }
}

/** The envelope under a signature that is not its author's. */
function unsigned({ bytes }: Envelope): Uint8Array {
  const forged = new Uint8Array(bytes)
  forged[forged.length - 1]! ^= 1
  return forged
}

function hear(hearing: Hearing, envelope: Envelope): void {
  expect(hearing.open(envelope.bytes).verdict).toBe('accept')
  hearing.consider(envelope)
}

describe('what cannot matter costs no signature', () => {
  it('of another round, or of a phase too far ahead', () => {
    const { hearing, checked } = listener()
    for (const statements of [[echo(0)], [signedCheckpoint(networks[1]!, checkpointOf(networks[1]!, { round: 3 }))]])
      expect(hearing.open(sealed(networks, 1, statements, { round: 3 }).bytes)).toEqual({ verdict: 'ignore' })
    expect(hearing.open(sealed(networks, 1, [estimate(0, 5)]).bytes)).toEqual({ verdict: 'ignore' })
    expect(hearing.open(unsigned(sealed(networks, 1, [echo(0)], { round: 3 })))).toEqual({ verdict: 'ignore' })
    expect(checked()).toBe(0)
  })

  it('in the very bytes that were heard before', () => {
    const { hearing, checked } = listener()
    const envelope = sealed(networks, 1, [echo(0), echo(1)])
    hear(hearing, envelope)
    for (let time = 0; time < 10; time++)
      expect(hearing.open(new Uint8Array(envelope.bytes))).toEqual({ verdict: 'ignore' })
    expect(checked()).toBe(1)
  })

  it('and no look at its statements', () => {
    const opened: Network['opened'] = new WeakMap()
    const { hearing } = listener(opened)
    const envelope = sealed(networks, 1, [echo(0)])
    hear(hearing, envelope)
    const again = new Uint8Array(envelope.bytes)
    expect(hearing.open(again)).toEqual({ verdict: 'ignore' })
    expect(opened.has(again)).toBe(false)
    // Other than what nobody has heard.
    const { bytes } = sealed(networks, 1, [echo(1)])
    hearing.open(bytes)
    expect(opened.has(bytes)).toBe(true)
  })

  it.each([1, 40])('and is held against nobody, where all peers of a process are handed the same of %i', (count) => {
    const { hearing, checked } = listener(new WeakMap())
    const envelopes = Array.from({ length: count }, (_, at) => sealed(networks, 1, [estimate(at % 4, 1 + (at >> 2))]))
    const heard = envelopes.filter(({ slots }) => slots.phase <= 4)
    for (const envelope of heard) hear(hearing, envelope)
    const before = checked()
    for (let time = 0; time < 10; time++)
      for (const { bytes } of heard) expect(hearing.open(bytes)).toEqual({ verdict: 'ignore' })
    expect(checked()).toBe(before)
    expect(hearing.open(sealed(networks, 1, [echo(3)]).bytes).verdict).toBe('accept')
  })

  it('of an author that contradicted itself', () => {
    const { hearing, checked } = listener()
    hear(hearing, sealed(networks, 1, [echo(0)]))
    hear(hearing, sealed(networks, 1, [echo(0, 'b')]))
    const before = checked()
    for (const sender of [1, 2, 3])
      expect(hearing.open(sealed(networks, 1, [echo(sender)]).bytes).verdict).toBe('ignore')
    expect(checked()).toBe(before)
  })

  it('of an author that says the same again and again, in whatever bytes, once it has done so four times', () => {
    const { hearing, checked } = listener()
    const words = Array.from({ length: 4 }, (_, phase) => [0, 1, 2, 3].map((of) => estimate(of, phase + 1))).flat()
    for (const word of words) hear(hearing, sealed(networks, 1, [word]))
    const before = checked()
    // All that it said, less one word: others each time.
    const again = words.map((_, without) =>
      sealed(
        networks,
        1,
        words.filter((_, at) => at !== without),
      ),
    )
    const verdicts = again.map(({ bytes }) => hearing.open(bytes))
    expect(verdicts.slice(0, 4)).toEqual(Array(4).fill({ verdict: 'ignore' }))
    expect(verdicts.slice(4)).toEqual(Array(12).fill({ verdict: 'ignore', babbler: 1 }))
    expect(checked() - before).toBe(4)
    // In that round.
    expect(hearing.open(sealed(networks, 1, [echo(0)]).bytes)).toEqual({ verdict: 'ignore', babbler: 1 })
    expect(hearing.open(sealed(networks, 1, [echo(0)], { round: 2 }).bytes).verdict).toBe('accept')
    expect(hearing.open(sealed(networks, 2, [echo(0)]).bytes).verdict).toBe('accept')
  })
})

describe('what its author has not signed', () => {
  it('is held against who passes it on, and never against the author', () => {
    const { hearing } = listener()
    const words = [0, 1, 2].map((sender) => sealed(networks, 1, [echo(sender)]))
    for (const envelope of words) hear(hearing, envelope)
    const reason = 'an envelope with a wrong signature of peer 1'
    for (let time = 0; time < 3; time++)
      for (const envelope of words) expect(hearing.open(unsigned(envelope))).toEqual({ verdict: 'reject', reason })
    expect(hearing.open(unsigned(sealed(networks, 1, [echo(3)])))).toEqual({ verdict: 'reject', reason })
    expect(hearing.open(unsigned(sealed(networks, 1, [echo(0, 'b')])))).toEqual({ verdict: 'reject', reason })
    expect(hearing.open(sealed(networks, 1, [echo(3)]).bytes).verdict).toBe('accept')
  })

  it('is refused when it is a checkpoint inside a signed envelope', () => {
    const { hearing } = listener()
    const { checkpoint } = signedCheckpoint(networks[1]!, checkpointOf(networks[1]!)) as {
      checkpoint: Uint8Array<ArrayBuffer>
    }
    const misused = sealed(networks, 1, [{ kind: 'checkpoint', checkpoint, signature: new Uint8Array(64) }])
    expect(hearing.open(misused.bytes)).toEqual({
      verdict: 'reject',
      reason: 'a checkpoint with a wrong signature of peer 1',
    })
  })
})

describe('an envelope that says what was said', () => {
  it('is compared with it by slot: what the author said before is read once, however often it is said again', () => {
    let reads = 0
    const record = new RoundRecord(peers)
    const words = Array.from({ length: 4 }, (_, phase) => [0, 1, 2, 3].map((of) => estimate(of, phase + 1))).flat()
    for (const word of words) {
      const envelope = sealed(networks, 1, [word])
      const { statements } = envelope
      const read = (): readonly Statement[] => {
        reads++
        return statements
      }
      const counted = Object.defineProperty({ ...envelope }, 'statements', { get: read })
      expect(record.consider(counted).kind).toBe('new')
    }
    const before = reads
    for (let time = 0; time < 50; time++) expect(record.judge(sealed(networks, 1, words)).kind).toBe('known')
    expect(reads - before).toBe(words.length)
  })
})
