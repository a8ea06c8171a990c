/**
 * The records of addresses that a peer knows, kept for its next life: whom it was told to dial first may be gone then. A
 * file that is lost or broken is as one that is empty, and a disk that takes nothing ends no peer.
 */
import { readFileSync, statSync } from 'node:fs'
import { frame, framesOf, placeFile } from '@hearsay/ledger'

const mostBytes = 16 * 1024 * 1024
/** What changes again and again is written so often. */
const pauseMs = 2000

export class AddressFile {
  readonly #path: string
  readonly #onUnwritten: (error: Error) => void
  /** Told once: what cannot be written now can hardly be written soon. */
  #unwritten = false
  #newest: readonly Uint8Array[] | undefined
  #timer: NodeJS.Timeout | undefined
  #writing: Promise<void> = Promise.resolve()

  /** `onUnwritten` is told when the disk takes nothing, and again only when it has taken something since. */
  constructor(path: string, onUnwritten: (error: Error) => void) {
    this.#path = path
    this.#onUnwritten = onUnwritten
  }

  read(): Uint8Array[] {
    try {
      if (statSync(this.#path).size > mostBytes) return []
      return [...framesOf(readFileSync(this.#path))].map(({ bytes }) => bytes)
    } catch {
      return []
    }
  }

  write(records: readonly Uint8Array[]): void {
    this.#newest = records
    this.#timer ??= setTimeout(() => void this.settled(), pauseMs)
  }

  /** Fulfilled when what was given is written, or cannot be. */
  settled(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const records = this.#newest
    this.#newest = undefined
    if (records !== undefined)
      this.#writing = this.#writing
        .then(() => placeFile(this.#path, `${this.#path}.part`, Buffer.concat(records.map(frame)), false))
        .then(
          () => {
            this.#unwritten = false
          },
          (error: Error) => {
            if (!this.#unwritten) this.#onUnwritten(error)
            this.#unwritten = true
          },
        )
    return this.#writing
  }
}
