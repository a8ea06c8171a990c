/**
 * What a round takes over TCP where links lose packets, with updates that are pulled until they are there beside chunks that are sent once: `node
 * scripts/lab/measure-lossy-tcp.ts [--peers N] [--rounds N] [--parameters D] [--latency MS] [--wait MS] [--rates P,…] [--json]`. Peers as of `hearsay
 * start`, each a process in a network namespace of its own, and links of scripts/lab/lossy/links.py between them. Linux, as root.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createIdentity, writeHome } from '@hearsay/home'
import type { GenesisInput } from '@hearsay/ledger'
import { commandLine, usageError } from '../command-line.ts'

const help = `node scripts/lab/measure-lossy-tcp.ts: time of a round of exact agreement over TCP where links lose packets.

  --peers N       4
  --rounds N      of each run, of which the first is not counted; 6
  --parameters D  100000
  --latency MS    of a link one way, to half as much again; 20
  --wait MS       chunkMs; 500
  --rates P,…     shares of packets that are lost; 0,0.001,0.01,0.1
  --json          the figures as JSON`
const flags = commandLine(help, {
  peers: { type: 'string', default: '4' },
  rounds: { type: 'string', default: '6' },
  parameters: { type: 'string', default: '100000' },
  latency: { type: 'string', default: '20' },
  wait: { type: 'string', default: '500' },
  rates: { type: 'string', default: '0,0.001,0.01,0.1' },
  json: { type: 'boolean', default: false },
})
const [peers, rounds, parameters, latency, wait] = (['peers', 'rounds', 'parameters', 'latency', 'wait'] as const).map(
  (name) => {
    const value = Number(flags[name])
    if (!Number.isInteger(value) || value < 1) usageError(`--${name} takes a whole number above 0, not ${flags[name]}`)
    return value
  },
) as [number, number, number, number, number]
const rates = flags.rates.split(',').map(Number)
if (!rates.every((rate) => rate >= 0 && rate < 1))
  usageError(`--rates takes numbers from 0 to below 1, not ${flags.rates}`)
try {
  accessSync('/dev/net/tun', constants.R_OK | constants.W_OK)
  if (process.getuid?.() !== 0) throw new Error('this is not root')
} catch (error) {
  usageError(`it takes Linux, root and /dev/net/tun: ${(error as Error).message}`)
}

const agreement = { graceMs: 4 * latency, timeoutMs: 500, roundMs: 0 }
const modes: Record<string, Partial<GenesisInput>> = {
  'until it arrives': { agreement },
  once: {
    agreement: { ...agreement, chunkMs: wait },
    exchange: { loss: { chunk: Math.ceil(parameters / 64), fill: 'skip' } },
  },
}

/** Folders of peers that listen where links.py says, and know all others. */
async function homes(root: string, genesis: Partial<GenesisInput>): Promise<string[]> {
  const identities = await Promise.all(Array.from({ length: peers }, createIdentity))
  const addresses = identities.map(({ id }, at) => `/ip4/10.77.0.${at + 1}/tcp/4001/p2p/${id}`)
  return identities.map((identity, at) => {
    const folder = join(root, `${at}`)
    const settings = {
      listen: [`/ip4/10.77.0.${at + 1}/tcp/4001`],
      bootstrap: addresses.filter((_, other) => other !== at),
    }
    const written = { name: 'lossy', peers: identities.map(({ id }) => ({ id })), rounds, ...genesis }
    writeHome(folder, identity, {
      settings,
      genesis: { aggregation: { rule: 'trimmed-mean' }, ...written } as GenesisInput,
    })
    return folder
  })
}

/** Round times at each peer, ms, but of its first; undefined when the last round did not end. */
async function run(rate: number, genesis: Partial<GenesisInput>): Promise<number[]> {
  const root = mkdtempSync(join(tmpdir(), 'hearsay-lossy-'))
  const processes: ChildProcess[] = []
  const links = spawn(
    'python3',
    [join(import.meta.dirname, 'lossy/links.py'), `${peers}`, `${latency}`, `${rate}`, '1'],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  )
  try {
    await once(links.stdout, 'data')
    const times = (await homes(root, genesis)).map(async (folder, at) => {
      const words = ['netns', 'exec', `hearsay-${at}`, process.execPath, join(import.meta.dirname, 'lossy/peer.ts')]
      const peer = spawn('ip', [...words, folder, `${parameters}`], { stdio: ['pipe', 'pipe', 'inherit'] })
      processes.push(peer)
      const ends: number[] = []
      for await (const line of createInterface({ input: peer.stdout })) {
        const [round, atMs] = line.split(' ').map(Number) as [number, number]
        ends.push(atMs)
        if (round === rounds) return ends.slice(1).map((end, i) => end - ends[i]!)
      }
      throw new Error(`peer ${at} ended before round ${rounds}`)
    })
    return (await Promise.all(times)).flat()
  } finally {
    for (const { stdin } of processes) stdin?.end()
    await Promise.all(processes.map((each) => each.exitCode ?? once(each, 'exit')))
    links.stdin.end()
    await once(links, 'exit')
    rmSync(root, { recursive: true, force: true })
  }
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!
const figures: { rate: number; mode: string; medianMs: number; greatestMs: number }[] = []
if (!flags.json) console.log('| loss | update sent | round, median ms | slowest, ms |\n| --- | --- | --- | --- |')
for (const rate of rates)
  for (const [mode, genesis] of Object.entries(modes)) {
    const times = await run(rate, genesis)
    const figure = { rate, mode, medianMs: median(times), greatestMs: Math.max(...times) }
    figures.push(figure)
    const shown = [figure.medianMs, figure.greatestMs].map((ms) => ms.toFixed(0))
    if (!flags.json) console.log(`| ${[`${100 * rate} %`, mode, ...shown].join(' | ')} |`)
  }
if (flags.json) console.log(JSON.stringify(figures))
