import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Job } from 'kubernetes-models/batch/v1/Job'
import { ConfigMap } from 'kubernetes-models/v1/ConfigMap'
import { expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { inRanges, placeName, recordSubmitted, submissionName, type ToSubmit } from './submission.ts'
import { cancel, planSubmission } from './submit-sweep.ts'

const sweep: ToSubmit = {
  folder: '/data/my runs/100%',
  name: placeName('Rules & attacks, 2'),
  indexes: [0, 1, 2, 7, 1000, 1003],
  program: ['/usr/bin/node', '/opt/hearsay/hearsay.js'],
  atOnce: 20,
  time: '1:00:00',
  memoryMb: 4096,
  cpus: 2,
}

test('numbers are told in ranges, and names are such as every place takes', () => {
  expect(inRanges(sweep.indexes)).toBe('0-2,7,1000,1003')
  expect(inRanges([])).toBe('')
  expect(sweep.name).toBe('hearsay-rules-attacks-2')
  expect(placeName('…')).toBe('hearsay-sweep')
})

test('slurm gets an array for each thousand numbers, and a job that collects after them', () => {
  const { files, commands } = planSubmission(sweep, { to: 'slurm', array: 1000, partition: 'short' })
  expect(commands).toEqual([
    'sbatch submit/slurm-0.sh',
    'sbatch submit/slurm-1.sh',
    'sbatch --dependency=afterany:IDS submit/slurm-collect.sh',
  ])
  expect(files[1]!.text).toBe(`#!/bin/bash
#SBATCH --job-name=hearsay-rules-attacks-2
#SBATCH --output="/data/my runs/100%%/logs/%A-%a.log"
#SBATCH --open-mode=append
#SBATCH --partition=short
#SBATCH --array=0,3%20
#SBATCH --time=1:00:00
#SBATCH --mem=4096M
#SBATCH --cpus-per-task=2
#SBATCH --requeue
exec /usr/bin/node /opt/hearsay/hearsay.js sweep run '/data/my runs/100%' --index "$((SLURM_ARRAY_TASK_ID + 1000))"
`)
  for (const { text } of files) execFileSync('bash', ['-n'], { input: text })
})

test('what kubernetes gets is right by its JSON schema', () => {
  const place = { to: 'kubernetes', image: 'registry/hearsay:1', claim: 'grid', path: 'runs/grid' } as const
  const [file] = planSubmission(sweep, place).files
  const [config, job] = parseAllDocuments(file!.text).map((document) => document.toJS())
  expect(file!.path).toBe('submit/hearsay-rules-attacks-2.yaml')
  expect(file!.text).not.toMatch(/[&*]a1/)
  const words = 'exec hearsay sweep run /sweep --index "$(sed -n "$((JOB_COMPLETION_INDEX + 1))p" /jobs/indexes)"'
  expect(file!.text).toContain(words)
  expect(() => new ConfigMap(config).validate()).not.toThrow()
  expect(() => new Job(job).validate()).not.toThrow()
  // The schema finds what is wrong.
  expect(() => new Job({ ...job, spec: { ...job.spec, completions: 'six' } }).validate()).toThrow()
  expect(config.data.indexes).toBe('0\n1\n2\n7\n1000\n1003\n')
  expect(job.spec).toMatchObject({ completionMode: 'Indexed', completions: 6, parallelism: 6, backoffLimitPerIndex: 3 })
  const [container] = job.spec.template.spec.containers
  expect(container.volumeMounts[0]).toEqual({ name: 'sweep', mountPath: '/sweep', subPath: 'runs/grid' })
})

test('what is submitted again, and of another folder, has another name', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hearsay-submit-'))
  try {
    const first = submissionName('grid', folder)
    expect(first).toMatch(/^hearsay-grid-[0-9a-f]{6}-1$/)
    expect(submissionName('grid', `${folder}2`)).not.toBe(first)
    const { atOnce, time, memoryMb, cpus } = sweep
    const demands = { atOnce, time, memoryMb, cpus }
    recordSubmitted(folder, { place: { to: 'local' }, at: '', ids: ['1'], jobs: 1, demands })
    expect(submissionName('grid', folder)).toBe(first.replace(/1$/, '2'))
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test.skipIf(!existsSync('/proc/self/cmdline'))(
  'cancel ends who is about to be at the folder, and nobody else',
  async () => {
    const begin = (folder: string) =>
      spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000); console.log(1)', folder], {
        stdio: ['ignore', 'pipe', 'ignore'],
      })
    const [ours, other] = [begin('/no/sweep'), begin('/no/sweep-2')]
    try {
      for (const { stdout } of [ours, other]) await new Promise((resolve) => stdout.once('data', resolve))
      for (const { pid } of [ours, other]) cancel('/no/sweep', 'local', [String(pid)])
      await new Promise((resolve) => ours.once('exit', resolve))
      expect(ours.signalCode).toBe('SIGTERM')
      expect([other.exitCode, other.signalCode]).toEqual([null, null])
      // It has ended.
      cancel('/no/sweep', 'local', [String(ours.pid)])
    } finally {
      for (const child of [ours, other]) child.kill('SIGKILL')
    }
  },
)
