import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import { badData } from '../format/data-error.ts'
import type { DataContext } from '../format/format.ts'
import { fileSize } from '../reading/files.ts'
import type { ParquetMessage } from './parquet-worker.ts'
import type { Row, Source } from './source.ts'

/** Without a row for so long, a file is one that makes its reader run for ever. */
export const workerBounds = { patienceMs: 120_000, memoryMb: 2_048 }

/**
 * A Parquet file as a table. It is decoded by a thread of its own, whose memory and time are bounded: a few bytes may ask for any
 * number of values. Throws DataError.
 */
export async function parquetSource(file: string, context: DataContext, bounds = workerBounds): Promise<Source> {
  if ((await fileSize(file)) === 0) throw badData(file, 'it is empty; get the file again')
  const decoder = new Decoder(file, context, bounds)
  const head = await decoder.next()
  if (head?.names === undefined) throw badData(file, 'it has no columns; get the file again')
  async function* rows(): AsyncGenerator<Row[]> {
    let at = 0
    try {
      for (let message = await decoder.next(); message?.rows !== undefined; message = await decoder.next())
        yield message.rows.map((cells) => ({ at: ++at, cells }))
    } finally {
      decoder.close()
    }
  }
  return { file, names: head.names, rows: rows(), placeOf: ({ at }) => `${file}: row ${at}` }
}

class Decoder {
  readonly #file: string
  readonly #context: DataContext
  readonly #bounds: typeof workerBounds
  readonly #worker: Worker
  #waiting: { take(message: ParquetMessage | undefined): void; fail(error: unknown): void } | undefined

  constructor(file: string, context: DataContext, bounds: typeof workerBounds) {
    this.#bounds = bounds
    this.#file = file
    this.#context = context
    this.#worker = new Worker(new URL(`./parquet-worker${extname(import.meta.filename)}`, import.meta.url), {
      workerData: file,
      resourceLimits: { maxOldGenerationSizeMb: bounds.memoryMb },
    })
    // Whoever stops reading need not say so.
    this.#worker.unref()
    this.#worker.on('message', (message: ParquetMessage) => this.#waiting?.take(message))
    this.#worker.on('error', (error) => this.#waiting?.fail(this.#errorOf(error)))
    this.#worker.on('exit', () => this.#waiting?.take(undefined))
  }

  /** What comes next; undefined after the last row. */
  async next(): Promise<ParquetMessage | undefined> {
    const { turn, signal } = this.#context
    await turn?.()
    const message = await new Promise<ParquetMessage | undefined>((resolve, reject) => {
      const timer = setTimeout(
        () => fail(badData(this.#file, 'it cannot be read in time; write it again')),
        this.#bounds.patienceMs,
      )
      const done = () => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', abort)
        this.#waiting = undefined
      }
      const fail = (error: unknown) => {
        done()
        void this.#worker.terminate()
        reject(error as Error)
      }
      const abort = () => fail(signal!.reason)
      const take = (next: ParquetMessage | undefined) => {
        done()
        resolve(next)
      }
      if (signal?.aborted) return abort()
      signal?.addEventListener('abort', abort)
      this.#waiting = { take, fail }
      this.#worker.postMessage('next')
    })
    if (message?.problem === undefined) return message
    this.close()
    throw badData(this.#file, message.problem)
  }

  close(): void {
    void this.#worker.terminate()
  }

  #errorOf(error: unknown) {
    const memory = (error as { code?: unknown }).code === 'ERR_WORKER_OUT_OF_MEMORY'
    const why = memory
      ? `it needs more than ${this.#bounds.memoryMb} MB`
      : `it cannot be read (${(error as Error).message})`
    return badData(this.#file, `${why}; write it again, in smaller row groups`)
  }
}
