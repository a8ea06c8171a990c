/**
 * The records of addresses that a peer knows, kept for its next life: whom it was told to dial first may be gone then. A
 * file that is lost or broken is as one that is empty, and a disk that takes nothing ends no peer.
 */
import { readFileSync, statSync } from 'node:fs'
import { frame, framesOf, placeFile } from './files.ts'

const mostBytes = 16 * 1024 * 1024
/** What changes again and again is written so often. */
const pauseMs = 2000

export class AddressFile {
  readonly #path: string
  #newest: readonly Uint8Array[] | undefined
  #timer: NodeJS.Timeout | undefined
  #writing: Promise<void> = Promise.resolve()

  constructor(path: string) {
    this.#path = path
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
        .catch(() => {})
    return this.#writing
  }
}
