import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test, vi } from 'vitest'
import { learningSchema, taskSchema } from './schema.ts'
import { startTrainingProcess, type TrainingProcess } from './training-process.ts'

const processes: TrainingProcess[] = []
const start = () => {
  const child = startTrainingProcess('wasm')
  processes.push(child)
  return child
}

afterEach(async () => {
  await Promise.all(processes.splice(0).map((child) => child.close()))
})

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

test('a process that dies rejects what is pending and what comes later, and says how it died', async () => {
  const child = start()
  const { version } = await child.request({ kind: 'load', engine: 'wasm' })
  expect(version).toMatch(/^tfjs-backend-wasm \d/)
  const task = taskSchema().parse({ trainSamples: 1_000_000 })
  const learning = learningSchema.parse({})
  const pending = child.request({ kind: 'open', taskId: 1, task, learning, peers: 1, seed: 1, base: '/' })
  expect(child.pending).toBe(1)
  process.kill(child.pid, 'SIGKILL')
  await expect(pending).rejects.toMatchObject({ code: 'process-ended' })
  await expect(pending).rejects.toThrow(`training process ${child.pid} (wasm engine) was ended by SIGKILL`)
  await expect(child.request({ kind: 'close', taskId: 1 })).rejects.toMatchObject({ code: 'process-ended' })
})

test('closing ends the process and rejects what is pending', async () => {
  const child = start()
  const pending = child.request({ kind: 'load', engine: 'wasm' })
  const outcome = expect(pending).rejects.toMatchObject({ code: 'closed' })
  await child.close()
  await outcome
  expect(isAlive(child.pid)).toBe(false)
})

test('an error inside a request leaves the process in service', async () => {
  const child = start()
  await child.request({ kind: 'load', engine: 'wasm' })
  const unknown = child.request({ kind: 'evaluate', taskId: 9, model: new Float32Array(1), poisons: [] })
  await expect(unknown).rejects.toMatchObject({ code: 'training-failed' })
  await expect(child.request({ kind: 'close', taskId: 9 })).resolves.toBeUndefined()
})

test('no process outlives a parent that is killed', async () => {
  const source = JSON.stringify(fileURLToPath(new URL('./training-process.ts', import.meta.url)))
  const script = `
    const { startTrainingProcess } = await import(${source})
    const child = startTrainingProcess('wasm')
    await child.request({ kind: 'load', engine: 'wasm' })
    console.log(child.pid)`
  const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [output] = await once(parent.stdout, 'data')
  const pid = Number(String(output))
  expect(isAlive(pid)).toBe(true)
  parent.kill('SIGKILL')
  await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 20_000 })
})
