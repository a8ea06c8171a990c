import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { placeFile, storageFailed } from '@hearsay/ledger'
import { bytesOf, type MomentumMemory, momentaKept, newestBefore, type Vector } from '@hearsay/peer'
import { corrupt } from './damage.ts'

/** The round, 8 bytes, before the numbers. */
const headBytes = 8

/**
 * The momentum of a peer in its folder, `momentum-0` and `momentum-1`, of which the older is replaced: round (8 bytes,
 * little-endian) and numbers. Each is replaced as a whole, and so never torn.
 */
export class MomentumFiles implements MomentumMemory {
  readonly #folder: string
  readonly #length: number
  /** The round of each file, 0 of one that is not there. */
  #rounds: number[] | undefined
  readonly #kept = new Map<number, Vector>()

  /** Of vectors of so many numbers. The folder is read when it is first asked. */
  constructor(folder: string, length: number) {
    this.#folder = folder
    this.#length = length
  }

  /** Throws PeerError `state-corrupt`. */
  before(round: number): Vector | undefined {
    this.#rounds ??= this.#read()
    return newestBefore(this.#kept, round)
  }

  /** Rejects with PeerError `storage-failed`. */
  async keep(round: number, momentum: Vector): Promise<void> {
    this.#rounds ??= this.#read()
    const same = this.#rounds.indexOf(round)
    const turn = same < 0 ? this.#rounds.indexOf(Math.min(...this.#rounds)) : same
    const bytes = new Uint8Array(headBytes + momentum.byteLength)
    new DataView(bytes.buffer).setBigUint64(0, BigInt(round), true)
    bytes.set(bytesOf(momentum), headBytes)
    const path = this.#path(turn)
    try {
      await placeFile(path, `${path}.part`, bytes, true)
    } catch (error) {
      throw storageFailed(this.#folder, error)
    }
    this.#kept.delete(this.#rounds[turn]!)
    this.#kept.set(round, momentum)
    this.#rounds[turn] = round
  }

  #path(turn: number): string {
    return join(this.#folder, `momentum-${turn}`)
  }

  #read(): number[] {
    return Array.from({ length: momentaKept }, (_, turn) => {
      const path = this.#path(turn)
      const size = statSync(path, { throwIfNoEntry: false })?.size
      if (size === undefined) return 0
      if (size !== headBytes + 4 * this.#length) throw corrupt(path, `momentum of ${this.#length} numbers`)
      const bytes = new Uint8Array(readFileSync(path))
      const momentum = new Float32Array(bytes.slice(headBytes).buffer)
      if (!momentum.every(Number.isFinite)) throw corrupt(path, 'momentum')
      const round = Number(new DataView(bytes.buffer).getBigUint64(0, true))
      this.#kept.set(round, momentum)
      return round
    })
  }
}
