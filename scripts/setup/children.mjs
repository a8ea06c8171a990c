// Child processes of set-up: every one is ended when we end, whatever ends us.
import { spawn } from 'node:child_process'
import { constants } from 'node:os'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP']
const GRACE_MS = 10_000
const STEP_GRACE_MS = 2_000
const OUTPUT_KEPT_CHARACTERS = 64_000

/** Process groups of running set-up steps, and what to undo if we are ended in the middle. */
const groups = new Set()
const undos = new Set()
/** The child that has the terminal, once set-up is over. */
let inCharge
let ending = false

function endGroups(signal) {
  for (const pid of groups) {
    try {
      process.kill(-pid, signal)
    } catch {
      // It ended by itself in the meantime.
    }
  }
}

process.on('exit', () => {
  endGroups('SIGKILL')
  for (const undo of undos) undo()
})

/** Ends the steps gently first: npm holds locks that it gives back only then. */
function endSetUp(code) {
  if (ending) return
  ending = true
  endGroups('SIGTERM')
  const begun = performance.now()
  const timer = setInterval(() => {
    if (groups.size > 0 && performance.now() - begun < STEP_GRACE_MS) return
    clearInterval(timer)
    process.exit(code)
  }, 20)
}

for (const signal of SIGNALS) {
  process.on(signal, () => {
    if (inCharge === undefined) {
      endSetUp(128 + constants.signals[signal])
      return
    }
    // A terminal sends Ctrl-C to the child as well as to us: passing it on would count it twice.
    const fromTerminal = signal === 'SIGINT' && (process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY)
    if (!fromTerminal) inCharge.kill(signal)
    setTimeout(() => inCharge?.kill('SIGKILL'), GRACE_MS).unref()
  })
}

/** Calls `undo` (synchronous) if the process ends before the returned function has been called. */
export function undoOnExit(undo) {
  undos.add(undo)
  return () => undos.delete(undo)
}

/**
 * Runs a set-up step without showing its output.
 * @returns {Promise<{code: number, output: string, stdout: string, timedOut: boolean}>} never rejects for a failing
 *   command; a command that cannot be started has code 127.
 */
export function run(command, args, { cwd, env = process.env, timeoutMs = 600_000 } = {}) {
  return new Promise((resolve) => {
    // Its own process group, so that the grandchildren (compilers, installers) end with it.
    const child = spawn(command, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    let stdout = ''
    let timedOut = false
    const keep = (text, more) => (text + more).slice(-OUTPUT_KEPT_CHARACTERS)
    child.stdout.setEncoding('utf8').on('data', (text) => {
      output = keep(output, text)
      stdout = keep(stdout, text)
    })
    child.stderr.setEncoding('utf8').on('data', (text) => {
      output = keep(output, text)
    })
    if (child.pid !== undefined) groups.add(child.pid)
    const timer = setTimeout(() => {
      timedOut = true
      try {
        process.kill(-child.pid, 'SIGKILL')
      } catch {
        // It ended by itself in the meantime.
      }
    }, timeoutMs)
    const finish = (code) => {
      clearTimeout(timer)
      groups.delete(child.pid)
      // When we are being ended, the step did not fail: nothing is to be concluded or said.
      if (ending) return
      resolve({ code, output, stdout, timedOut })
    }
    child.on('error', (error) => {
      output = keep(output, error.message)
      finish(127)
    })
    child.on('close', (code, signal) => finish(code ?? 128 + constants.signals[signal]))
  })
}

/** Gives the terminal to a command, passes signals on to it, and resolves to its exit code. */
export function handOver(command, args, { cwd, env }) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, env, stdio: 'inherit' })
    inCharge = child
    const finish = (code) => {
      inCharge = undefined
      resolve(code)
    }
    child.on('error', (error) => {
      process.stderr.write(`${command} could not be started: ${error.message}\n`)
      finish(127)
    })
    child.on('exit', (code, signal) => finish(code ?? 128 + constants.signals[signal]))
  })
}
