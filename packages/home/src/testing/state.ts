/** The state of a peer of four in a folder of its own, anew for each test. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { certificateOf, checkpointOf, createRoster } from '@hearsay/libp2p/testing/roster'
import type { Certificate } from '@hearsay/protocol'
import { afterEach, beforeEach } from 'vitest'
import { FileStorage } from '../file-storage.ts'

export const roster = await createRoster(4, 1)
export const { record } = roster
export const network = roster.networks[0]!

/** For the tests of the file that calls it. */
export function folderForEach(): { readonly path: string; open(archiveRounds?: number): FileStorage } {
  let path = ''
  beforeEach(() => {
    path = mkdtempSync(join(tmpdir(), 'hearsay-state-'))
  })
  afterEach(() => rmSync(path, { recursive: true, force: true }))
  return {
    get path() {
      return path
    },
    open: (archiveRounds = 0) => new FileStorage(path, network, { record, archiveRounds }),
  }
}

/** Certificates of rounds 1 to `rounds`. */
export function chain(rounds: number): Certificate[] {
  const certificates: Certificate[] = []
  for (let round = 1; round <= rounds; round++) {
    const previous = certificates.at(-1)?.digest ?? network.genesis
    certificates.push(certificateOf(roster, checkpointOf(roster, { round, previous }, `model ${round}`), [0, 1, 3]))
  }
  return certificates
}
