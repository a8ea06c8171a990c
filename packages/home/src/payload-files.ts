import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { makeFolder, placeFile, storageFailed } from '@hearsay/ledger'
import { type Digest, digestOf } from '@hearsay/protocol'

/**
 * Updates and models of the newest rounds, each a file under its digest. They are written beside the event loop, which
 * waits for no disk; of what is promised to be safe the file and its name are, once the promise is fulfilled.
 */
export class PayloadFiles {
  readonly #folder: string
  /** The newest round that each belongs to. */
  readonly #rounds = new Map<Digest, number>()
  readonly #writing = new Set<Promise<void>>()
  #parts = 0

  /** Finds what is there, of which `roundOf` knows the rounds; removes what a crash left half-written, and nothing else. */
  constructor(folder: string, roundOf: (digest: Digest) => number) {
    this.#folder = folder
    makeFolder(folder)
    for (const { name } of readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile())) {
      if (/^[0-9a-f]{64}$/.test(name)) this.#rounds.set(name, roundOf(name))
      else if (/^[0-9a-f]{64}(\.\d+)?\.part$/.test(name)) rmSync(join(folder, name))
    }
  }

  /** Fulfilled when it is written, and if so wanted safe from a crash. The bytes must not change until then. */
  async write(round: number, digest: Digest, bytes: Uint8Array, safe: boolean): Promise<void> {
    const known = this.#rounds.get(digest)
    if (known !== undefined) {
      this.#rounds.set(digest, Math.max(known, round))
      return
    }
    const path = join(this.#folder, digest)
    // A part of its own: the same payload may be written twice at once.
    const written = placeFile(path, `${path}.${this.#parts++}.part`, bytes, safe).catch((error: unknown) => {
      throw storageFailed(this.#folder, error)
    })
    this.#writing.add(written)
    try {
      await written
    } finally {
      this.#writing.delete(written)
    }
    this.#rounds.set(digest, round)
  }

  read(digest: Digest): Uint8Array<ArrayBuffer> | undefined {
    if (!this.#rounds.has(digest)) return undefined
    try {
      const bytes = new Uint8Array(readFileSync(join(this.#folder, digest)))
      if (digestOf(bytes) === digest) return bytes
    } catch {
      // Damaged or gone: others still have it.
    }
    this.#rounds.delete(digest)
    return undefined
  }

  /** Removes those of rounds before this one, but for the one of this digest. */
  forgetBefore(first: number, except: Digest): void {
    for (const [digest, round] of this.#rounds) {
      if (round >= first || digest === except) continue
      rmSync(join(this.#folder, digest), { force: true })
      this.#rounds.delete(digest)
    }
  }

  /** Fulfilled when nothing is being written any more. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#writing)
  }
}
