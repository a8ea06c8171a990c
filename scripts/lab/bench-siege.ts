// How much longer rounds are while f members ask and send without end, in every way that the protocols have: all peers on
// libp2p over TCP, and besieged rounds in turn with rounds in peace.
//   node scripts/lab/bench-siege.ts [--peers N] [--ms N] [--times N] [--siege NAME] [--json]
import { loadavg } from 'node:os'
import { BesiegedNetwork, type Window } from '@hearsay/libp2p/testing/siege'
import { type Siege, sieges } from '@hearsay/libp2p/testing/sieges'
import { commandLine, usageError } from '../command-line.ts'

const parameters = 7850
const warmUpMs = 3000

const help = `pnpm bench:siege: rounds while as many members as are tolerated ask and send without end, beside rounds in peace.

  --peers N     4, of which the last third besiege the others; their drivers take part in the rounds as honest ones do
  --ms N        of a window of rounds, besieged or in peace; 1500
  --times N     windows of each kind, in turn; 4
  --siege NAME  this one alone: ${Object.keys(sieges).join(', ')}
  --json        the figures as JSON`

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[sorted.length >> 1] ?? Number.NaN
}

function joined(windows: readonly Window[]) {
  const sum = (of: (window: Window) => number): number => windows.reduce((all, window) => all + of(window), 0)
  const roundsMs = windows.flatMap((window) => window.roundsMs)
  return {
    rounds: roundsMs.length,
    medianMs: median(roundsMs),
    /** The event loop of the drivers was held so long at most. */
    heldMs: Math.max(...windows.map(({ heldMs }) => heldMs)),
    cpuMs: sum(({ cpuMs }) => cpuMs),
    tookMs: sum(({ tookMs }) => tookMs),
  }
}

async function figuresOf(network: BesiegedNetwork, siege: Siege, ms: number, times: number) {
  const windows: { peace: Window; besieged: Window }[] = []
  for (let time = 0; time < times; time++)
    windows.push({ peace: await network.during(ms), besieged: await network.during(ms, siege) })
  const peace = joined(windows.map((each) => each.peace))
  const besieged = joined(windows.map((each) => each.besieged))
  return {
    siege,
    peace,
    besieged,
    ratio: besieged.medianMs / peace.medianMs,
    /** Of one core: what the siege costs the drivers beyond their rounds. It does not depend on what else the machine does. */
    share: (besieged.cpuMs - (besieged.rounds * peace.cpuMs) / peace.rounds) / besieged.tookMs,
  }
}

const flags = commandLine(help, {
  peers: { type: 'string', default: '4' },
  ms: { type: 'string', default: '1500' },
  times: { type: 'string', default: '4' },
  siege: { type: 'string' },
  json: { type: 'boolean', default: false },
})
const [peers, ms, times] = [Number(flags.peers), Number(flags.ms), Number(flags.times)]
if (!(Number.isInteger(peers) && peers >= 4)) usageError(`--peers is ${flags.peers}; it takes 4 or more`)
if (!(ms > 0 && times > 0)) usageError('--ms and --times take positive numbers')
if (flags.siege !== undefined && !(flags.siege in sieges)) usageError(`--siege ${flags.siege} is none`)
const chosen = flags.siege === undefined ? (Object.keys(sieges) as Siege[]) : [flags.siege as Siege]

const network = await BesiegedNetwork.create(peers, parameters)
try {
  await network.during(warmUpMs)
  const figures = []
  if (!flags.json) {
    console.log(
      `${peers} peers of which ${Math.floor((peers - 1) / 3)} besiege the others, ${parameters} parameters, load ${loadavg()[0]!.toFixed(1)}`,
    )
    console.log('siege              in peace   besieged   ratio   of a core   loop held at most')
  }
  for (const siege of chosen) {
    const each = await figuresOf(network, siege, ms, times)
    figures.push(each)
    if (flags.json) continue
    const { peace, besieged, ratio, share } = each
    console.log(
      `${siege.padEnd(18)} ${peace.medianMs.toFixed(0).padStart(5)} ms   ${besieged.medianMs.toFixed(0).padStart(5)} ms   ${ratio.toFixed(2).padStart(5)}` +
        `   ${(100 * share).toFixed(0).padStart(6)} %   ${peace.heldMs.toFixed(0)} and ${besieged.heldMs.toFixed(0)} ms`,
    )
  }
  if (flags.json) console.log(JSON.stringify(figures, null, 2))
  else {
    const worst = figures.reduce((a, b) => (b.ratio > a.ratio ? b : a))
    console.log(`at most ${worst.ratio.toFixed(2)} × the median round in peace (${worst.siege})`)
  }
} finally {
  await network.stop()
}
