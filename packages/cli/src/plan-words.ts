import type { RunPlan } from '@hearsay/experiment'
import { inWords } from './pace.ts'

/** `420 MB`, `1.3 GB`. */
export function bytesInWords(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  const at = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3))
  return `${Number((bytes / 1000 ** at).toPrecision(bytes / 1000 ** at < 10 ? 2 : 3))} ${units[at]}`
}

/** `1 job`, `2 jobs`. */
export function jobsInWords(count: number): string {
  return `${count} job${count === 1 ? '' : 's'}`
}

/** What a run takes, before it begins, in a line. */
export function planInALine(plan: RunPlan): string {
  const { jobs, parallel, memoryBytes, parallelMs, diskBytes } = plan
  const memory = memoryBytes === null ? '' : `, ${bytesInWords(parallel * memoryBytes)} of memory`
  return `${jobsInWords(jobs)}, ${parallel} at once: about ${inWords(parallelMs)} real${memory}, ${bytesInWords(diskBytes)} on disk`
}

/** What may not be there. */
export function lackOf({ parallel, memoryBytes, diskBytes, machine }: RunPlan): string[] {
  const { freeMemoryBytes, freeDiskBytes } = machine
  const memory = (memoryBytes ?? 0) * parallel
  return [
    ...(memory > freeMemoryBytes
      ? [
          `it takes about ${bytesInWords(memory)} of memory, and ${bytesInWords(freeMemoryBytes)} are free: lower --jobs, or peers`,
        ]
      : []),
    ...(freeDiskBytes !== null && diskBytes > freeDiskBytes
      ? [
          `it writes about ${bytesInWords(diskBytes)}, and ${bytesInWords(freeDiskBytes)} are free: set events to rounds or none`,
        ]
      : []),
  ]
}

export function planInWords(plan: RunPlan & { readonly engine: string }): string {
  const { cells, jobs, tried, engine, parallel, memoryBytes, aloneMs, parallelMs, longestJobMs, diskBytes, machine } =
    plan
  const { cores, freeMemoryBytes, freeDiskBytes } = machine
  const rows = [
    ['jobs', `${jobs}, of ${cells} cell${cells === 1 ? '' : 's'} and each seed`],
    ['tried', `${tried} cell${tried === 1 ? '' : 's'}, two or three rounds each, with ${engine}`],
    [
      'at once',
      `${parallel}; this machine has ${cores} cores, and ${bytesInWords(freeMemoryBytes)} of memory are free`,
    ],
    [
      'time, real',
      `about ${inWords(parallelMs)}; one after the other ${inWords(aloneMs)}, the longest job ${inWords(longestJobMs)}`,
    ],
    ['memory', memoryBytes === null ? 'not known on this system' : `about ${bytesInWords(memoryBytes)} a job at once`],
    [
      'disk',
      `about ${bytesInWords(diskBytes)}${freeDiskBytes === null ? '' : `; ${bytesInWords(freeDiskBytes)} are free`}`,
    ],
  ]
  return [
    ...rows.map(([name, words]) => `${name!.padEnd(12)}${words}`),
    ...lackOf(plan).map((text) => `warning: ${text}`),
  ].join('\n')
}
