import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadScenario } from '@hearsay/scenario'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { LoggedRun } from '../logged-run.ts'
import type { Manifest } from '../manifest.ts'
import type { RoundRow } from '../rounds.ts'
import { exampleSummary } from '../testing/results-fixture.ts'
import { mlflow } from './mlflow.ts'
import { tensorboard } from './tensorboard.ts'
import { crc32c, maskedCrc, record } from './tf-events.ts'
import { trackio } from './trackio.ts'

const { cells } = loadScenario(
  `name: x\nquestion: Which?\npeers: 4\ntolerated: 1\nrounds: 2\nsweep: { aggregation.rule: [median, mean] }\n`,
  { file: 'x.yaml' },
)
const png = Buffer.concat([Buffer.alloc(16), Buffer.from([0, 0, 1, 0, 0, 0, 0, 80]), Buffer.alloc(8)])

const row = (cell: number, round: number, peer: number): RoundRow => ({
  ...{ cell, label: cells[cell]!.label, seed: 7, round, peer, evaluation: { accuracy: round / 4, loss: null } },
  ...{ ended: true, forked: false, distance: 0, bytesSent: 10 * peer, bytesReceived: 1 },
  ...{ trainingMs: 1, exchangeMs: null, agreementMs: 1, aggregationMs: 1 },
})

let path: string
let run: LoggedRun
beforeAll(() => {
  path = mkdtempSync(join(tmpdir(), 'hearsay-logs-'))
  const manifest = {
    startedAt: '2026-01-02T03:04:05.000Z',
    endedAt: '2026-01-02T03:05:05.000Z',
    ...{ version: '1', engine: 'wasm', digest: 'd' },
  } as Manifest
  const rows = [0, 1].flatMap((cell) => [1, 2].flatMap((round) => [0, 1, 2].map((peer) => row(cell, round, peer))))
  run = { path, manifest, summary: exampleSummary([7]), cells, rows, pictures: [{ name: 'plot', png }] }
})
afterAll(() => rmSync(path, { recursive: true, force: true }))

describe('event files', () => {
  /** Any protobuf message: by number, the values of its fields, which are numbers or bytes. */
  type Message = Readonly<Record<number, (number | Buffer)[]>>

  function messageOf(data: Buffer): Message {
    const fields: Record<number, (number | Buffer)[]> = {}
    let at = 0
    const varint = (): number => {
      let [value, scale] = [0, 1]
      for (; data[at]! > 127; at++, scale *= 128) value += (data[at]! - 128) * scale
      return value + data[at++]! * scale
    }
    const take = (length: number): Buffer => {
      at += length
      return data.subarray(at - length, at)
    }
    while (at < data.length) {
      const key = varint()
      const type = key & 7
      const value =
        type === 0
          ? varint()
          : type === 1
            ? take(8).readDoubleLE()
            : type === 5
              ? take(4).readFloatLE()
              : take(varint())
      const known = fields[key >> 3] ?? []
      fields[key >> 3] = [...known, value]
    }
    return fields
  }

  const inner = (message: Message, ...path: number[]): Message =>
    path.reduce((of, field) => messageOf(of[field]![0] as Buffer), message)
  const text = (message: Message, field: number): string => String(message[field]?.[0] ?? '')

  /** The records of a file, each against its checksums. */
  function eventsOf(folder: string): Message[] {
    const [name] = readdirSync(folder).filter((each) => each.includes('tfevents'))
    const file = readFileSync(join(folder, name!))
    const events: Message[] = []
    for (let at = 0; at < file.length; ) {
      const length = Number(file.readBigUInt64LE(at))
      expect(file.readUInt32LE(at + 8)).toBe(maskedCrc(file.subarray(at, at + 8)))
      const data = file.subarray(at + 12, at + 12 + length)
      expect(file.readUInt32LE(at + 12 + length)).toBe(maskedCrc(data))
      events.push(messageOf(data))
      at += 16 + length
    }
    return events
  }

  test('have the checksum of RFC 3720, and the frame of a known record', () => {
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa)
    expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43)
    expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283)
    expect(record(new Uint8Array(3))).toHaveLength(8 + 4 + 3 + 4)
  })

  test('have scalars by round, the pictures, and the hyperparameters that cells differ in', async () => {
    const told = await tensorboard.write(run)
    expect(told).toBe(`tensorboard --logdir ${join(path, 'tensorboard')}`)
    const folder = join(path, 'tensorboard')
    const folders = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory())
    expect(folders).toHaveLength(2)
    const [version, start, first, second, end] = eventsOf(join(folder, folders[0]!.name))
    // wall_time 1, step 2, file_version 3, summary 5; of that value 1; of that tag 1, simple_value 2, image 4, metadata 9.
    expect(text(version!, 3)).toBe('brain.Event:2')
    expect([first![1], first![2]]).toEqual([[Date.parse(run.manifest.startedAt) / 1000 + 1], [1]])
    const values = (event: Message) => inner(event, 5)[1]!.map((value) => messageOf(value as Buffer))
    expect(Object.fromEntries(values(second!).map((value) => [text(value, 1), value[2]![0]]))).toEqual({
      ...{ accuracy: 0.5, bytesSent: 10, bytesReceived: 1, trainingMs: 1, agreementMs: 1, aggregationMs: 1, ended: 1 },
    })
    // Metadata: plugin_data 1, of that content 2, of that experiment 2, session_start_info 3, session_end_info 4.
    const plugin = (event: Message) => inner(values(event)[0]!, 9, 1, 2)
    expect(text(values(start!)[0]!, 1)).toBe('_hparams_/session_start_info')
    const hyperparameter = inner(plugin(start!), 3, 1)
    expect(text(hyperparameter, 1)).toBe('aggregation.rule')
    expect(text(inner(hyperparameter, 2), 3)).toMatch(/^me/)
    expect(inner(plugin(end!), 4)[1]).toEqual([1])
    const [, experiment, pictures] = eventsOf(folder)
    const info = inner(plugin(experiment!), 2, 4)
    expect([text(info, 1), info[4]]).toEqual(['aggregation.rule', [1]])
    const image = inner(values(pictures!)[0]!, 4)
    expect([image[1], image[2], image[3]]).toEqual([[80], [256], [4]])
    expect(image[4]).toEqual([png])
  })
})

describe('MLflow', () => {
  /** Answers as the REST API documents it, and refuses what that does not allow. */
  async function server(broken?: string) {
    const asked: [string, Record<string, unknown>][] = []
    const http = createServer(async (request, response) => {
      let body = ''
      for await (const piece of request) body += piece
      const what = request.url!.replace('/api/2.0/mlflow/', '')
      const given = JSON.parse(body) as Record<string, unknown[]>
      asked.push([what, given])
      const tooMany = (given.metrics?.length ?? 0) > 1000 || (given.params?.length ?? 0) > 100
      const answers: Record<string, object> = {
        'experiments/search': {},
        'experiments/create': { experiment_id: '3' },
        'runs/create': { run: { info: { run_id: `r${asked.length}` } } },
        'runs/log-batch': {},
        'runs/update': { run_info: {} },
      }
      const bad = answers[what] === undefined || tooMany || what === broken || request.method !== 'POST'
      response.writeHead(bad ? 400 : 200, { 'content-type': 'application/json' })
      response.end(JSON.stringify(bad ? { error_code: 'INVALID_PARAMETER_VALUE', message: 'no' } : answers[what]))
    })
    await new Promise<void>((listening) => http.listen(0, '127.0.0.1', listening))
    const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
    return { url, asked, close: () => http.close() }
  }

  test('gets an experiment, and a run for each cell and seed with parameters and metrics by round', async () => {
    const { url, asked, close } = await server()
    await mlflow(`${url}/`).write(run)
    close()
    expect(asked.map(([what]) => what)).toEqual([
      ...['experiments/search', 'experiments/create'],
      ...['runs/create', 'runs/log-batch', 'runs/log-batch', 'runs/update'],
      ...['runs/create', 'runs/log-batch', 'runs/log-batch', 'runs/update'],
    ])
    expect(asked[2]![1]).toMatchObject({ experiment_id: '3', run_name: `${cells[0]!.label}, seed 7` })
    expect(asked[3]![1]).toMatchObject({
      run_id: 'r3',
      params: expect.arrayContaining([{ key: 'aggregation.rule', value: 'median' }]),
    })
    expect(asked[4]![1].metrics).toContainEqual({
      key: 'accuracy',
      value: 0.5,
      step: 2,
      timestamp: Date.parse(run.manifest.startedAt) + 2000,
    })
    expect(asked[5]![1]).toMatchObject({ status: 'FINISHED', end_time: Date.parse(run.manifest.endedAt!) })
  })

  test('that refuses, or is not there, is told', async () => {
    const { url, close } = await server('runs/create')
    await expect(mlflow(url).write(run)).rejects.toThrow('runs/create: 400')
    close()
    await expect(mlflow('http://127.0.0.1:1').write(run)).rejects.toMatchObject({ code: 'log-failed' })
  })
})

// SQLite came to Node without a flag with 22.13.
const sqlite = await import('node:sqlite').catch(() => undefined)

test.skipIf(sqlite === undefined)(
  'trackio: a database with the documented columns, a run for each cell and seed',
  async () => {
    const project = run.summary.scenario
    const told = await trackio.write(run)
    expect(told).toBe(`TRACKIO_DIR=${join(path, 'trackio')} trackio show --project ${project}`)
    // Once more, and the same.
    expect(await trackio.write(run)).toBe(told)
    const database = new sqlite!.DatabaseSync(join(path, 'trackio', `${project}.db`), { readOnly: true })
    const columns = (table: string) =>
      database
        .prepare(`PRAGMA table_info(${table})`)
        .all()
        .map(({ name }) => name)
    expect(columns('metrics')).toEqual(['id', 'timestamp', 'run_name', 'step', 'metrics'])
    expect(columns('configs')).toEqual(['id', 'run_name', 'config', 'created_at'])
    const names = [0, 1].map((cell) => `${cells[cell]!.label}, seed 7`)
    const found = database.prepare('SELECT run_name, config FROM configs ORDER BY id').all()
    expect(found.map(({ run_name }) => run_name)).toEqual(names)
    expect(JSON.parse(String(found[0]!.config))).toMatchObject({ 'aggregation.rule': 'median', peers: 4, seed: 7 })
    const metrics = database.prepare('SELECT * FROM metrics ORDER BY id').all()
    expect(metrics.map(({ run_name, step }) => [run_name, step])).toEqual(
      names.flatMap((name) => [
        [name, 1],
        [name, 2],
      ]),
    )
    expect(metrics[1]!.timestamp).toBe('2026-01-02T03:04:07.000Z')
    expect(JSON.parse(String(metrics[1]!.metrics))).toMatchObject({ accuracy: 0.5, bytesSent: 10, ended: 1 })
    database.close()
  },
)
