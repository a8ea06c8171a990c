import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, readSync } from 'node:fs'
import { appendWhole } from '@hearsay/ledger'
import { writing } from './write-whole.ts'

const pieceBytes = 1024 * 1024

/** A file that grows by whole lines. All throw as `writing`. */
export class Lines {
  readonly #path: string
  #file: number | undefined

  constructor(path: string) {
    this.#path = path
    this.#file = writing(path, () => openSync(path, 'a'))
  }

  write(...lines: readonly string[]): void {
    const file = this.#file
    if (file === undefined || lines.length === 0) return
    writing(this.#path, () => appendWhole(file, Buffer.from(`${lines.join('\n')}\n`)))
  }

  /** All of another file of lines, or nothing of it. */
  append(path: string): void {
    const file = this.#file
    if (file === undefined) return
    const { size } = fstatSync(file)
    const source = openSync(path, 'r')
    try {
      writing(this.#path, () => {
        const piece = Buffer.allocUnsafe(pieceBytes)
        for (let read = readSync(source, piece); read > 0; read = readSync(source, piece))
          appendWhole(file, piece.subarray(0, read))
      })
    } catch (error) {
      ftruncateSync(file, size)
      throw error
    } finally {
      closeSync(source)
    }
  }

  /** May be called again. */
  close(): void {
    const file = this.#file
    if (file === undefined) return
    this.#file = undefined
    writing(this.#path, () => {
      try {
        fsyncSync(file)
      } finally {
        closeSync(file)
      }
    })
  }
}
