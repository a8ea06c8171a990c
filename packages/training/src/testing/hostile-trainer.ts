/**
 * A trainer's program that keeps the protocol, or breaks it in one way: `node hostile-trainer.ts WAY [AT]`. It does so when it is
 * asked to AT, `train` unless given. Its model is `a`, 2 × 3 numbers of 1; each round adds peer + round to each of them.
 */
import { spawn } from 'node:child_process'
import { writeSync } from 'node:fs'

const [way = 'honest', at = 'train'] = process.argv.slice(2)
const length = 6

interface Asked {
  readonly id: number
  readonly kind: string
  readonly peers: number
  readonly peer: number
  readonly round: number
  readonly floats: number
}

function frame(header: object, floats: readonly number[] = []): Buffer {
  const text = Buffer.from(JSON.stringify({ floats: floats.length, ...header }))
  return raw(text, Buffer.from(Float32Array.from(floats).buffer))
}

function raw(text: Buffer, body = Buffer.alloc(0)): Buffer {
  const prefix = Buffer.alloc(4)
  prefix.writeUInt32LE(text.length)
  return Buffer.concat([prefix, text, body])
}

function honest({ id, kind, peers, peer, round }: Asked): { header: object; floats: number[] } {
  const all = (value: number): number[] => Array(length).fill(value)
  if (kind === 'open') {
    const header = { id, tensors: [{ name: 'a', shape: [2, 3] }], samples: Array(peers).fill(100) }
    return { header, floats: all(1) }
  }
  if (kind === 'train') return { header: { id, loss: 0.5, workMs: 1 }, floats: all(peer + round) }
  if (kind === 'evaluate') return { header: { id, measures: { loss: 0.25, other: 3 } }, floats: [] }
  return { header: { id }, floats: [] }
}

function forever(stream: number): never {
  const rubbish = Buffer.alloc(65_536, 'x\n')
  for (;;) writeAll(stream, rubbish)
}

function writeAll(stream: number, bytes: Buffer): void {
  for (let start = 0; start < bytes.length; )
    try {
      start += writeSync(stream, bytes, start)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') process.exit(1)
    }
}

const ways: Record<string, (asked: Asked) => Buffer | undefined> = {
  silent: () => undefined,
  dies() {
    writeAll(2, Buffer.from('loading\nTraceback\n\u001b[31mno module named torch\n'))
    process.exit(3)
  },
  'floods the output': () => forever(1),
  'floods the log'() {
    for (let k = 0; k < 50; k++) writeAll(2, Buffer.alloc(100_000, 'y'))
    process.exit(4)
  },
  'another id': ({ id }) => frame({ id: id + 1 }),
  'no id': () => frame({}),
  'a list': () => raw(Buffer.from('[1]')),
  null: () => raw(Buffer.from('null')),
  'a huge header': () => Buffer.from([0, 0, 0, 0x80, 1]),
  'an empty header': () => Buffer.alloc(4),
  'a print': () => Buffer.from('epoch 1: loss 0.3\n'),
  'no JSON': ({ id }) => raw(Buffer.from(`{"id":${id},"loss":NaN,"floats":${length}}`)),
  'no UTF-8': () => raw(Buffer.from([0x22, 0xff, 0x22])),
  'one number more': ({ id }) => frame({ id, loss: 1 }, Array(length + 1).fill(0)),
  'one number less': ({ id }) => frame({ id, loss: 1 }, Array(length - 1).fill(0)),
  'a huge number of numbers': ({ id }) => frame({ id, loss: 1, floats: 2 ** 40 }),
  'half of an answer'(asked) {
    const { header, floats } = honest(asked)
    writeAll(1, frame(header, floats).subarray(0, -2))
    process.exit(0)
  },
  'half of an answer, and waits'(asked) {
    const { header, floats } = honest(asked)
    return frame(header, floats).subarray(0, -2)
  },
  'bytes behind it'(asked) {
    const { header, floats } = honest(asked)
    return Buffer.concat([frame(header, floats), Buffer.from([7])])
  },
  'two answers'(asked) {
    const { header, floats } = honest(asked)
    return Buffer.concat([frame(header, floats), frame(header, floats)])
  },
  'no loss': ({ id }) => frame({ id }, Array(length).fill(0)),
  'a loss in words': ({ id }) => frame({ id, loss: 'low' }, Array(length).fill(0)),
  'numbers that are not finite': ({ id }) => frame({ id, loss: null }, [...Array(length - 1).fill(0), Number.NaN]),
  'another measure': ({ id }) => frame({ id, measures: { accuracy: 1 } }),
  'tensors of another size': ({ id }) =>
    frame({ id, tensors: [{ name: 'a', shape: [7] }], samples: [100, 100] }, Array(length).fill(1)),
  'no tensors': ({ id }) => frame({ id, tensors: [], samples: [100, 100] }),
  'a tensor of nothing': ({ id }) => frame({ id, tensors: [{ name: 'a', shape: [0, 1e9] }], samples: [100, 100] }),
  'samples of others': ({ id }) =>
    frame({ id, tensors: [{ name: 'a', shape: [6] }], samples: [100] }, Array(length).fill(1)),
  'another answer each time': ({ id }) =>
    frame({ id, loss: 1 }, Array(length).fill(Number(process.hrtime.bigint() % 1_000_000n))),
  'the same for all': ({ id }) => frame({ id, loss: 1 }, Array(length).fill(1)),
  zeros: ({ id }) => frame({ id, loss: 1 }, Array(length).fill(0)),
  refuses: ({ id }) => frame({ id, error: 'IndexError:\u0007 list index\nout of range' }),
  'leaves a child'() {
    // It has the output, so that the pipe stays open.
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], {
      stdio: ['ignore', 'inherit', 'inherit'],
    })
    child.once('spawn', () => {
      writeAll(2, Buffer.from(`child ${child.pid}\n`))
      process.exit(0)
    })
    return undefined
  },
}

let received = Buffer.alloc(0)
process.stdin.on('data', (chunk: Buffer) => {
  received = Buffer.concat([received, chunk])
  for (;;) {
    if (received.length < 4) return
    const start = 4 + received.readUInt32LE()
    if (received.length < start) return
    const asked = JSON.parse(received.toString('utf8', 4, start)) as Asked
    const end = start + 4 * asked.floats
    if (received.length < end) return
    received = received.subarray(end)
    if (asked.kind === at && way !== 'honest') {
      const bytes = ways[way]!(asked)
      if (bytes !== undefined) writeAll(1, bytes)
      continue
    }
    const { header, floats } = honest(asked)
    writeAll(1, frame(header, floats))
  }
})
process.stdin.on('end', () => process.exit(0))
