import type { Trained, TrainingCall } from './task/task.ts'
import type { Update } from './task/update.ts'

export type Timed = Trained<Update> & { readonly timeMs: number }

/** Calls that are made before anything else happens go out together; each is answered on its own. */
export class GatheredCalls {
  readonly #request: (calls: readonly TrainingCall[]) => Promise<readonly Timed[]>
  #waiting: { readonly call: TrainingCall; resolve(answer: Timed): void; reject(error: unknown): void }[] = []

  constructor(request: (calls: readonly TrainingCall[]) => Promise<readonly Timed[]>) {
    this.#request = request
  }

  train(call: TrainingCall): Promise<Timed> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ call, resolve, reject })
      if (this.#waiting.length === 1) setImmediate(() => void this.#send())
    })
  }

  async #send(): Promise<void> {
    const sent = this.#waiting
    this.#waiting = []
    try {
      const answers = await this.#request(sent.map(({ call }) => call))
      for (const [at, { resolve }] of sent.entries()) resolve(answers[at]!)
    } catch (error) {
      for (const { reject } of sent) reject(error)
    }
  }
}
