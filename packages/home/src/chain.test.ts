import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promised } from '@hearsay/peer'
import { afterEach, beforeEach, it } from 'vitest'
import { createIdentity, type Home, readHome, writeHome } from './home.ts'
import { type Operator, startOperator } from './operator.ts'

let folder: string
let running: Map<number, Operator>
let heights: number[]
let wake = Promise.withResolvers<void>()

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearsay-chain-'))
  running = new Map()
  heights = [0, 0, 0, 0]
})
afterEach(async () => {
  await Promise.all([...running.values()].map((operator) => operator.stop()))
  rmSync(folder, { recursive: true, force: true })
})

const initial = new Float32Array(20).fill(1)

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await wake.promise
}

async function start(home: Home, at: number): Promise<void> {
  const operator = await startOperator({
    home,
    initial,
    trainer: promised(async (round) => new Float32Array(20).fill(at + round)),
    watch: (event) => {
      if (event.kind === 'output' && event.output.kind === 'round-ended') heights[at] = event.output.round
      wake.resolve()
      wake = Promise.withResolvers()
    },
  })
  running.set(at, operator)
}

async function stop(at: number): Promise<void> {
  await running.get(at)!.stop()
  running.delete(at)
}

const neighbours = (at: number): number => running.get(at)!.host.neighbours().length

/** The peers that run certify three rounds more. */
async function goOn(): Promise<void> {
  const from = Math.max(...heights)
  await until(() => [...running.keys()].every((at) => heights[at]! >= from + 3))
}

it('four peers in a chain go on when the second stops, and when the first then starts anew', async () => {
  const identities = await Promise.all([0, 1, 2, 3].map(() => createIdentity()))
  const agreement = { graceMs: 50, timeoutMs: 50, roundMs: 0 }
  const genesis = { name: 'chain', tolerated: 1, peers: identities.map(({ id }) => ({ id })), agreement }
  const homes: Home[] = []
  for (const [at, identity] of identities.entries()) {
    const before = running.get(at - 1)?.host.addresses()[0]
    const settings = { listen: ['/ip4/127.0.0.1/tcp/0'], bootstrap: before === undefined ? [] : [before] }
    writeHome(join(folder, `${at}`), identity, { settings, genesis })
    homes.push(await readHome(join(folder, `${at}`)))
    await start(homes[at]!, at)
  }
  await until(() => [0, 1, 2, 3].every((at) => neighbours(at) === 3))
  await stop(1)
  await goOn()
  // Nobody told it whom to dial, and nobody knows its new port.
  await stop(0)
  await start(homes[0]!, 0)
  await until(() => neighbours(0) === 2)
  await goOn()
})
