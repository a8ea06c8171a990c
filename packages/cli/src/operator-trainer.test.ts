import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createIdentity, readHome, writeHome } from '@hearsay/home'
import type { SteadyTraining } from '@hearsay/training'
import { afterAll, expect, it } from 'vitest'
import { operatorTrainer } from './operator-trainer.ts'
import type { Teller } from './teller.ts'

const folder = mkdtempSync(join(tmpdir(), 'hearsay-trainer-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('trains by the rounds that a peer has executed, and tells of the round that it is', async () => {
  const identity = await createIdentity()
  const settings = { listen: ['/ip4/127.0.0.1/tcp/0'], bootstrap: [] }
  writeHome(folder, identity, { settings, genesis: { name: 'alone', peers: [{ id: identity.id }] } })
  const told: unknown[] = []
  const training = {
    initial: new Float32Array(1),
    train: async (_peer: number, round: number) => ({
      ...{ update: Float32Array.of(round), loss: 1, diverged: true, timeMs: 2 },
    }),
  } as unknown as SteadyTraining
  const teller = { tell: (event: object) => void told.push(event) } as unknown as Teller
  const trainer = operatorTrainer(await readHome(folder), training, 0, teller)
  const work = { round: 42, executed: 5, model: '', from: new Float32Array(1), signal: new AbortController().signal }
  const update = await new Promise((resolve, reject) => trainer.train(work, resolve, reject))
  expect(update).toEqual(Float32Array.of(5))
  expect(told).toMatchObject([
    { kind: 'diverged', round: 42 },
    { kind: 'trained', round: 42 },
  ])
})
