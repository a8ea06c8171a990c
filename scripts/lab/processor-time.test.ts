import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { ProcessorTime } from './processor-time.ts'

const busy = 'const end = process.cpuUsage().user + 300_000; while (process.cpuUsage().user < end);'
// It starts a process that is at work, and goes away without waiting for it.
const parent = `
const child = require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(`${busy} console.log('done'); setInterval(() => {}, 1000)`)}],
  { stdio: ['ignore', 'inherit', 'ignore'] })
process.on('SIGTERM', () => process.exit())
console.log(child.pid)
`

test.skipIf(!existsSync('/proc/self/stat'))(
  'whoever a process leaves behind is counted, before and after it has ended',
  async () => {
    const root = spawn(process.execPath, ['-e', parent], { stdio: ['ignore', 'pipe', 'inherit'] })
    const told = root.stdout.setEncoding('utf8').iterator() as AsyncIterator<string>
    let orphan: number | undefined
    try {
      const time = new ProcessorTime(root.pid!)
      let text = ''
      const until = async (word: RegExp): Promise<void> => {
        while (!word.test(text)) text += (await told.next()).value
        time.look()
      }
      await until(/^\d+\n/)
      orphan = Number(text.split('\n')[0])
      await until(/done/)
      const exited = new Promise((resolve) => root.once('exit', resolve))
      root.kill('SIGTERM')
      await exited
      const left = time.look()!
      expect(left).toBeGreaterThan(0.3)
      process.kill(orphan, 'SIGKILL')
      expect(time.look()).toBeGreaterThanOrEqual(left)
    } finally {
      root.kill('SIGKILL')
      if (orphan !== undefined) process.kill(orphan, 'SIGKILL')
    }
  },
)
