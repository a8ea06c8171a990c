/** What every carrier does, whatever carries: memory, TCP, or discrete events. */
import { type Digest, digestOf, type Envelope } from '@hearsay/protocol'
import { afterEach, describe, expect, it } from 'vitest'
import type { Carrier, Listener } from '../ports.ts'

/** Carriers of peers that are connected with each other, none of which has a listener yet. */
export interface CarriersUnderTest {
  readonly carriers: readonly Carrier[]
  /** Connects them, and lets time go on from then. */
  start(): Promise<void>
  /** Lets things happen; without it they happen by themselves. */
  advance?(): void
  stop(): Promise<void>
}

interface Heard {
  readonly envelopes: { readonly bytes: Uint8Array; readonly from: number }[]
  readonly neighbours: Map<number, boolean>
  readonly faults: { readonly peer: number; readonly what: string }[]
  readonly pulled: number[]
}

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString()
/** A question is never shorter. */
const question = (words: string): Uint8Array => new TextEncoder().encode(words.padEnd(64))

function envelopeOf(words: string): Envelope {
  const bytes = new TextEncoder().encode(words)
  return { bytes, id: digestOf(bytes), author: 0, round: 1, previous: '', statements: [] } as unknown as Envelope
}

export function carrierContract(name: string, create: (peers: number) => Promise<CarriersUnderTest>): void {
  let under: CarriersUnderTest | undefined
  let wake = Promise.withResolvers<void>()
  const changed = (): void => {
    wake.resolve()
    wake = Promise.withResolvers()
  }
  /** Looked at after everything that happens. */
  const until = async (holds: () => boolean): Promise<void> => {
    while (!holds()) {
      under!.advance?.()
      if (under!.advance === undefined && !holds()) await wake.promise
    }
  }

  async function begin(
    peers: number,
    more: Partial<Listener> = {},
  ): Promise<{ carriers: readonly Carrier[]; heard: Heard[] }> {
    under = await create(peers)
    const { carriers } = under
    const heard = carriers.map((): Heard => ({ envelopes: [], neighbours: new Map(), faults: [], pulled: [] }))
    for (const [self, carrier] of carriers.entries()) {
      const { envelopes, neighbours, faults, pulled } = heard[self]!
      const told = <T>(result: T): T => {
        changed()
        return result
      }
      carrier.listen({
        envelope: (bytes, from) => {
          envelopes.push({ bytes, from })
          return told({ verdict: 'accept', envelope: envelopeOf(text(bytes)) })
        },
        ask: (request, from) => told(new TextEncoder().encode(`${text(request).trim()} of ${from}, says ${self}`)),
        pull: (_digest, from, give) => {
          pulled.push(from)
          give()
          changed()
        },
        neighbour: (peer, connected) => told(void neighbours.set(peer, connected)),
        fault: (peer, what) => told(void faults.push({ peer, what })),
        ...more,
      })
    }
    await under.start()
    await until(() => carriers.every((carrier) => carrier.neighbours().length === peers - 1))
    return { carriers, heard }
  }

  afterEach(async () => {
    await under?.stop()
    under = undefined
  })

  describe(`a carrier: ${name}`, () => {
    it('has all that are connected for neighbours, by their positions', async () => {
      const { carriers } = await begin(4)
      for (const [self, carrier] of carriers.entries())
        expect([...carrier.neighbours()].sort()).toEqual([0, 1, 2, 3].filter((peer) => peer !== self))
    })

    it('says what is said to all to everybody else, once each', async () => {
      const { carriers, heard } = await begin(4)
      carriers[0]!.say('all', envelopeOf('to all'))
      carriers[1]!.say('all', envelopeOf('to all too'))
      const others = (self: number): string[] => ['to all', 'to all too'].filter((_, author) => author !== self)
      await until(() => heard.every(({ envelopes }, self) => envelopes.length === others(self).length))
      for (const [self, { envelopes }] of heard.entries())
        expect(envelopes.map(({ bytes }) => text(bytes)).sort()).toEqual(others(self))
    })

    it('says what is said to some to them, and to nobody of itself', async () => {
      const ignored = { verdict: 'ignore' } as const
      const came: string[] = []
      const { carriers } = await begin(4, {
        envelope: (bytes, from) => {
          came.push(`${text(bytes)} from ${from}`)
          changed()
          return ignored
        },
      })
      carriers[2]!.say([0, 2], envelopeOf('to one'))
      await until(() => came.length > 0)
      carriers[2]!.say([1, 3], envelopeOf('to two'))
      await until(() => came.length === 3)
      expect(came.sort()).toEqual(['to one from 2', 'to two from 2', 'to two from 2'])
    })

    it('brings a question to one neighbour, and its answer back', async () => {
      const { carriers } = await begin(3)
      const answers: (string | undefined)[] = []
      const answered = (bytes?: Uint8Array): void => {
        answers.push(bytes && text(bytes))
        changed()
      }
      carriers[0]!.ask(2, question('what'), answered)
      await until(() => answers.length === 1)
      expect(answers).toEqual(['what of 0, says 2'])
    })

    it('says that there is no answer where there is none, and holds a question that is too short against its sender', async () => {
      const { carriers, heard } = await begin(3, { ask: () => undefined })
      const answers: number[] = []
      const answered = (bytes?: Uint8Array): void => {
        answers.push(bytes?.length ?? 0)
        changed()
      }
      carriers[0]!.ask(1, question('what'), answered)
      await until(() => answers.length === 1)
      carriers[0]!.ask(7, question('who'), answered)
      await until(() => answers.length === 2)
      expect(answers).toEqual([0, 0])
      carriers[0]!.ask(2, new Uint8Array(3), () => {})
      await until(() => heard[2]!.faults.length > 0)
      expect(heard[2]!.faults[0]).toMatchObject({ peer: 0, what: expect.stringContaining('too short') })
    })

    it('pulls a payload from whoever has it, and stops when nobody wants it any more', async () => {
      const payload = new TextEncoder().encode('so many bytes'.repeat(50))
      const digest: Digest = digestOf(payload)
      const holders = new Set([2])
      const asked: number[] = []
      const { carriers } = await begin(3, {
        pull: (wanted, from, give) => {
          asked.push(from)
          give(wanted === digest && holders.has(2) ? payload : undefined)
          changed()
        },
      })
      const into = new Uint8Array(payload.length)
      const ends: boolean[] = []
      const pull = (wanted: Digest, signal: AbortSignal): void => {
        const ended = (got: boolean): void => {
          ends.push(got)
          changed()
        }
        const failed = (error: Error): never => {
          throw error
        }
        carriers[0]!.pull(
          { digest: wanted, sizeBytes: payload.length, into, sources: () => [2, 1], signal },
          ended,
          failed,
        )
      }
      pull(digest, new AbortController().signal)
      await until(() => ends.length === 1)
      expect(ends).toEqual([true])
      expect(into).toEqual(payload)
      expect(new Set(asked)).toEqual(new Set([0]))
      const over = new AbortController()
      pull(digestOf(new Uint8Array(1)), over.signal)
      const before = asked.length
      await until(() => asked.length > before)
      over.abort()
      await until(() => ends.length === 2)
      expect(ends).toEqual([true, false])
    })

    it('carries nothing from or to who is cut off, for ever', async () => {
      const { carriers, heard } = await begin(3)
      carriers[0]!.cutOff(1)
      await until(() => heard[0]!.neighbours.get(1) === false && heard[1]!.neighbours.get(0) === false)
      expect([carriers[0]!.neighbours(), carriers[1]!.neighbours()]).toEqual([[2], [2]])
      const answers: (Uint8Array | undefined)[] = []
      const answered = (bytes?: Uint8Array): void => {
        answers.push(bytes)
        changed()
      }
      carriers[1]!.ask(0, question('what'), answered)
      carriers[0]!.ask(1, question('what'), answered)
      await until(() => answers.length === 2)
      expect(answers).toEqual([undefined, undefined])
    })
  })
}
