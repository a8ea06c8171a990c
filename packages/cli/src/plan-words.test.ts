import { expect, test } from 'vitest'
import { bytesInWords, lackOf, planInALine, planInWords } from './plan-words.ts'

const plan = {
  ...{ cells: 4, jobs: 8, tried: 4, parallel: 2, memoryBytes: 4e8, aloneMs: 400_000, parallelMs: 220_000 },
  ...{ longestJobMs: 60_000, diskBytes: 3.2e7, engine: 'wasm (1)' },
  machine: { cores: 2, freeMemoryBytes: 1.5e10, freeDiskBytes: 8e10 },
}

test('a plan is told in a line, and in more for who asks', () => {
  expect(planInALine(plan)).toBe('8 jobs, 2 at once: about 4 min real, 800 MB of memory, 32 MB on disk')
  expect(planInWords(plan).split('\n')).toEqual([
    'jobs        8, of 4 cells and each seed',
    'tried       4 cells, two or three rounds each, with wasm (1)',
    'at once     2; this machine has 2 cores, and 15 GB of memory are free',
    'time, real  about 4 min; one after the other 7 min, the longest job 60 s',
    'memory      about 400 MB a job at once',
    'disk        about 32 MB; 80 GB are free',
  ])
})

test('what is not there is warned of', () => {
  expect(lackOf(plan)).toEqual([])
  const small = { ...plan, machine: { cores: 2, freeMemoryBytes: 5e8, freeDiskBytes: 1e7 } }
  expect(lackOf(small)).toEqual([
    'it takes about 800 MB of memory, and 500 MB are free: lower --jobs, or peers',
    'it writes about 32 MB, and 10 MB are free: set events to rounds or none',
  ])
})

test('sizes have units', () =>
  expect([0, 999, 1500, 2.34e9].map(bytesInWords)).toEqual(['0 B', '999 B', '1.5 kB', '2.3 GB']))
