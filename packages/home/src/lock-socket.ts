/**
 * A socket in a folder that shows whether a process lives: the system closes it with the process, however that ends, and
 * everybody on the same kernel who sees the folder can try to connect, whatever container, or name of the host, it is in.
 */
import { spawnSync } from 'node:child_process'
import { closeSync, openSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'

/** The system takes no longer names of sockets: 108 bytes on Linux, 104 elsewhere, with the one that ends it. */
const mostBytes = process.platform === 'linux' ? 107 : 103

/** Calls with a name of the socket that is short enough; undefined if there is none. */
function withAddress<T>(folder: string, name: string, use: (address: string) => T): T | undefined {
  const path = join(folder, name)
  if (Buffer.byteLength(path) <= mostBytes) return use(path)
  if (process.platform !== 'linux') return undefined
  // The folder under the number that this process has for it.
  const file = openSync(folder, 'r')
  try {
    return use(`/proc/self/fd/${file}/${name}`)
  } finally {
    closeSync(file)
  }
}

/** Listens in the folder; gives what ends that, or undefined where there can be no such socket. */
export function listenIn(folder: string, name: string): (() => void) | undefined {
  // Windows has sockets of this kind elsewhere only.
  if (process.platform === 'win32') return undefined
  const server = createServer((connection) => connection.destroy())
  server.on('error', () => {})
  // It listens when the call is over, or the file system knows no sockets.
  withAddress(folder, name, (address) => server.listen({ path: address, exclusive: true }))
  if (!server.listening) return undefined
  server.unref()
  return () => {
    server.close()
    rmSync(join(folder, name), { force: true })
  }
}

const connect = `
const [folder, name, most] = process.argv.slice(1)
const path = require('node:path').join(folder, name)
const short = Buffer.byteLength(path) <= Number(most)
const address = short ? path : '/proc/self/fd/' + require('node:fs').openSync(folder, 'r') + '/' + name
const socket = require('node:net').connect(address)
socket.on('connect', () => process.exit(0))
socket.on('error', ({ code }) => process.exit(code === 'ECONNREFUSED' || code === 'ENOENT' ? 1 : 0))
`

/**
 * False if nobody listens there, for certain. In a process of its own, for connecting takes turns of the event loop, and
 * whoever takes a lock waits for the answer.
 */
export function mayListen(folder: string, name: string): boolean {
  const { status } = spawnSync(process.execPath, ['--eval', connect, folder, name, String(mostBytes)], {
    env: {},
    stdio: 'ignore',
    timeout: 30_000,
  })
  return status !== 1
}
