// Prints the trace digest of a fixed run on the virtual network, the same on every machine and version of Node:
//   node scripts/lab/golden-trace.ts
//   npx -y -p node@22 node scripts/lab/golden-trace.ts
import { goldenSwarm } from '@hearsay/experiment/testing/golden-swarm'
import { commandLine } from '../command-line.ts'

commandLine(
  'node scripts/lab/golden-trace.ts: the trace digest of a fixed run on the virtual network, the same everywhere.',
  {},
)

console.log(`${goldenSwarm().network.traceDigest()}  node ${process.version}, ${process.platform} ${process.arch}`)
