/**
 * A trainer's program that learns ½‖x − 3‖²: `node quadratic-trainer.ts [TIMES] [WAIT_MS]`. Its model is `a`, 2 × 3 numbers of 1; an
 * update is a fifth of the way, and a little noise that depends on the peer and the round, TIMES so much, after WAIT_MS. The loss is how far x is.
 */
import { writeSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'

const [times = 1, waitMs = 0] = process.argv.slice(2).map(Number)
const length = 6

interface Asked {
  readonly id: number
  readonly kind: string
  readonly peers: number
  readonly peer: number
  readonly round: number
  readonly floats: number
}

function answer(header: object, floats: readonly number[] = []): void {
  const text = Buffer.from(JSON.stringify({ floats: floats.length, ...header }))
  const prefix = Buffer.alloc(4)
  prefix.writeUInt32LE(text.length)
  writeSync(1, Buffer.concat([prefix, text, Buffer.from(Float32Array.from(floats).buffer)]))
}

async function onAsked({ id, kind, peers, peer, round }: Asked, model: readonly number[]): Promise<void> {
  const loss = Math.hypot(...model.map((x) => x - 3))
  if (kind === 'open') {
    const tensors = [{ name: 'a', shape: [2, 3] }]
    answer({ id, tensors, samples: Array(peers).fill(100) }, Array(length).fill(1))
  } else if (kind === 'train') {
    await setTimeout(waitMs)
    const noise = (at: number): number => 0.01 * Math.sin(1 + 12.9898 * round + 78.233 * peer + 37.719 * at)
    answer(
      { id, loss, workMs: waitMs },
      model.map((x, at) => times * (0.2 * (3 - x) + noise(at))),
    )
  } else answer(kind === 'evaluate' ? { id, measures: { loss } } : { id })
}

let received = Buffer.alloc(0)
let before = Promise.resolve()
process.stdin.on('data', (chunk: Buffer) => {
  received = Buffer.concat([received, chunk])
  for (;;) {
    if (received.length < 4) return
    const start = 4 + received.readUInt32LE()
    if (received.length < start) return
    const asked = JSON.parse(received.toString('utf8', 4, start)) as Asked
    const end = start + 4 * asked.floats
    if (received.length < end) return
    const model = Array.from({ length: asked.floats }, (_, at) => received.readFloatLE(start + 4 * at))
    received = received.subarray(end)
    before = before.then(() => onAsked(asked, model))
  }
})
process.stdin.on('end', () => process.exit(0))
