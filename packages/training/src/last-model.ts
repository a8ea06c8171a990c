import type { Request, Sent } from './messages.ts'

/** Of the model that was sent last each end keeps a copy: that of a round goes to a process once, whoever trains on it. */
export class LastModel {
  #last: Float32Array | undefined

  /** A request without its model, where that is the last one, bit by bit. */
  without(request: Request): Sent {
    if (!('model' in request)) return request
    const { model, ...rest } = request
    if (this.#last !== undefined && haveSameBits(this.#last, model)) return rest as Sent
    this.#last = model.slice()
    return request
  }

  /** A request with its model; requests are taken in the order in which they were sent. */
  with(sent: Sent): Request {
    if ('model' in sent) this.#last = sent.model
    else if (sent.kind === 'train' || sent.kind === 'evaluate' || sent.kind === 'outputs')
      return { ...sent, model: this.#last! } as Request
    return sent as Request
  }
}

function haveSameBits(a: Float32Array, b: Float32Array): boolean {
  return bytesOf(a).equals(bytesOf(b))
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength)
}
