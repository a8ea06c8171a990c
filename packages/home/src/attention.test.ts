/** Peers that do not find each other, over TCP: what each is told. */

import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Identity } from '@hearsay/libp2p'
import type { OperatorEvent } from '@hearsay/peer'
import { promised } from '@hearsay/peer'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createIdentity, readHome, writeHome } from './home.ts'
import { type Operator, startOperator } from './operator.ts'

type Waiting = Extract<OperatorEvent, { kind: 'waiting' }>

let folder: string
let identities: Identity[]
let ports: number[]
let operators: Operator[]

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hearsay-attention-'))
  identities = await Promise.all([0, 1, 2].map(() => createIdentity()))
  ports = await freePorts(4)
  operators = []
})
afterEach(async () => {
  await Promise.all(operators.map((operator) => operator.stop()))
  rmSync(folder, { recursive: true, force: true })
})

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'))
  await Promise.all(servers.map((server) => new Promise((resolve) => server.once('listening', resolve))))
  const free = servers.map((server) => (server.address() as { port: number }).port)
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return free
}

const addressOf = (port: number, of: number): string => `/ip4/127.0.0.1/tcp/${ports[port]}/p2p/${identities[of]!.id}`

interface Life {
  readonly events: OperatorEvent[]
  readonly lines: string[]
  /** The first of what is told of another that it waits for. */
  waits(of: number, why: string): Promise<Waiting>
  tells(wanted: (event: OperatorEvent) => boolean): Promise<OperatorEvent>
}

/** Starts a peer that is called at the port of its position, and calls these addresses. */
async function start(
  self: number,
  bootstrap: string[],
  change: { seed?: number; peers?: number[] } = {},
): Promise<Life> {
  const { peers = [0, 1], ...more } = change
  const home = join(folder, String(self))
  const genesis = {
    name: 'n',
    peers: peers.map((i) => ({ id: identities[i]!.id })),
    agreement: { roundMs: 0 },
    ...more,
  }
  writeHome(home, identities[self]!, {
    settings: { listen: [`/ip4/127.0.0.1/tcp/${ports[self]}`], bootstrap },
    genesis,
  })
  const events: OperatorEvent[] = []
  const lines: string[] = []
  let wake = Promise.withResolvers<void>()
  const tells = async (wanted: (event: OperatorEvent) => boolean): Promise<OperatorEvent> => {
    for (;;) {
      const found = events.find(wanted)
      if (found !== undefined) return found
      await wake.promise
    }
  }
  operators.push(
    await startOperator({
      home: await readHome(home),
      initial: new Float32Array(8).fill(more.seed ?? 1),
      trainer: promised(async () => new Float32Array(8)),
      debug: (line) => lines.push(line),
      watch: (event) => {
        events.push(event)
        wake.resolve()
        wake = Promise.withResolvers()
      },
    }),
  )
  const waits = (of: number, why: string): Promise<Waiting> =>
    tells(
      (event) => event.kind === 'waiting' && event.peer === identities[of]!.id && event.why === why,
    ) as Promise<Waiting>
  return { events, lines, waits, tells }
}

describe('a peer that cannot connect says whom it waits for, and why', () => {
  it('when nobody is there, and when another is', async () => {
    const first = await start(0, [addressOf(3, 1)])
    const second = await start(1, [addressOf(1, 0)])
    expect((await first.waits(1, 'nobody-there')).what).toContain(`${addressOf(3, 1)}: nobody listens there`)
    expect((await second.waits(0, 'wrong-identity')).what).toContain(
      `another peer, ${identities[1]!.id}, answers there`,
    )
    // What libp2p knows can be had.
    expect(first.lines.some((line) => line.startsWith('hearsay:network') && line.includes('ECONNREFUSED'))).toBe(true)
    expect(first.lines.some((line) => line.startsWith('libp2p:'))).toBe(true)
  })

  it('when the other is of another network, on either side, and in which field', async () => {
    const first = await start(0, [])
    const second = await start(1, [addressOf(0, 0)], { seed: 2 })
    for (const waiting of [await first.waits(1, 'network'), await second.waits(0, 'network')])
      expect(waiting.what).toMatch(/of another network, .*: its genesis differs in seed$/)
  })

  it('when the genesis of the other does not name it; and the other that a stranger called', async () => {
    const first = await start(0, [], { peers: [0, 1] })
    const third = await start(2, [addressOf(0, 0)], { peers: [0, 2] })
    expect((await third.waits(0, 'refused')).what).toContain('its genesis may not name this peer')
    expect(await first.tells(({ kind }) => kind === 'stranger')).toMatchObject({ peer: identities[2]!.id })
  })

  it('and says nothing when all are there', async () => {
    const first = await start(0, [])
    const second = await start(1, [addressOf(0, 0)])
    const certified = (event: OperatorEvent): boolean =>
      event.kind === 'output' && event.output.kind === 'round-ended' && event.output.round >= 3
    await Promise.all([first.tells(certified), second.tells(certified)])
    const told = [...first.events, ...second.events].filter(({ kind }) =>
      ['waiting', 'stranger', 'overdue'].includes(kind),
    )
    expect(told).toEqual([])
  })
})
