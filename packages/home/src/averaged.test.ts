import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { said } from '@hearsay/libp2p/testing/roster'
import { digest } from '@hearsay/peer/testing/digest'
import { type Digest, digestOf } from '@hearsay/protocol'
import { expect, it } from 'vitest'
import { FileStorage } from './file-storage.ts'
import { folderForEach, network, roster } from './testing/state.ts'

const folder = folderForEach()
const word = (round: number) =>
  said(roster, 0, { round, previous: network.genesis }, [{ kind: 'init', digest: digest(`update ${round}`) }])
const bytes = (round: number) => Uint8Array.of(round)
const model = (round: number): Digest => digestOf(bytes(round))

it('knows the round that it had averaged, its model, and what it said since that round began', async () => {
  const storage = folder.open()
  expect(storage.head).toBeUndefined()
  for (const round of [1, 2, 3]) {
    storage.said([word(round)])
    await storage.keep(round, model(round), bytes(round))
    storage.ended({ round, model: model(round) })
  }
  storage.said([word(4)])
  storage.close()
  const again = folder.open()
  expect([again.height, again.head]).toEqual([3, { round: 3, model: model(3) }])
  expect(again.saidBefore.map(({ round }) => round)).toEqual([3, 4])
  expect(again.kept(again.head!.model)).toEqual(bytes(3))
  // Of rounds before the last one nothing is left.
  expect(again.kept(model(1))).toBeUndefined()
  expect(readdirSync(folder.path).filter((name) => name.startsWith('said-'))).toEqual(['said-3', 'said-4'])
  again.close()
})

it('refuses a state of another network, and what no crash leaves', () => {
  const storage = folder.open()
  storage.ended({ round: 1, model: model(1) })
  storage.close()
  expect(() => new FileStorage(folder.path, network, { record: '{"name":"another"}' })).toThrow(
    expect.objectContaining({ code: 'other-network' }),
  )
  for (const content of ['', '{"round":0,"model":""}', '{"round":1}', 'averaged']) {
    writeFileSync(join(folder.path, 'averaged.json'), content)
    expect(folder.open).toThrow(expect.objectContaining({ code: 'state-corrupt' }))
  }
})
