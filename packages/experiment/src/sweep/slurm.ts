/**
 * Slurm: job arrays, throttled, that are put in the queue again when their node fails, and one job after them that collects the run.
 * (SchedMD, "Job Array Support" and the manual page of sbatch, Slurm 22.05.)
 */
import { shellWord } from '@hearsay/catalogue/words'
import { inRanges, type Rendered, type SlurmOptions, type ToSubmit } from './submission.ts'

/** An array for each so many numbers, and last the script that collects. */
export function renderSlurm(sweep: ToSubmit, options: SlurmOptions): { arrays: Rendered[]; collect: Rendered } {
  const chunks = Map.groupBy(sweep.indexes, (index) => Math.floor(index / options.array))
  const arrays = [...chunks].map(([chunk, indexes]) => {
    const offset = chunk * options.array
    const at = offset === 0 ? '"$SLURM_ARRAY_TASK_ID"' : `"$((SLURM_ARRAY_TASK_ID + ${offset}))"`
    const lines = [
      ...head(sweep, options, 'logs/%A-%a.log'),
      `#SBATCH --array=${inRanges(indexes.map((index) => index - offset))}%${sweep.atOnce}`,
      `#SBATCH --time=${sweep.time}`,
      `#SBATCH --mem=${sweep.memoryMb}M`,
      `#SBATCH --cpus-per-task=${sweep.cpus}`,
      '#SBATCH --requeue',
      `exec ${commandOf(sweep, 'run')} --index ${at}`,
    ]
    return { path: `submit/slurm-${chunk}.sh`, text: `${lines.join('\n')}\n` }
  })
  const lines = [
    ...head(sweep, options, 'logs/collect-%j.log'),
    '#SBATCH --time=30:00',
    '#SBATCH --mem=2048M',
    `exec ${commandOf(sweep, 'collect')}`,
  ]
  return { arrays, collect: { path: 'submit/slurm-collect.sh', text: `${lines.join('\n')}\n` } }
}

/** Slurm reads directives without a shell: of a path, blanks are quoted and a per cent sign is doubled. */
function head({ folder, name }: ToSubmit, { partition, account }: SlurmOptions, log: string): string[] {
  return [
    '#!/bin/bash',
    `#SBATCH --job-name=${name}`,
    `#SBATCH --output="${folder.replaceAll('%', '%%')}/${log}"`,
    '#SBATCH --open-mode=append',
    ...(partition === undefined ? [] : [`#SBATCH --partition=${partition}`]),
    ...(account === undefined ? [] : [`#SBATCH --account=${account}`]),
  ]
}

function commandOf({ program, folder }: ToSubmit, what: 'run' | 'collect'): string {
  return [...program, 'sweep', what, folder].map(shellWord).join(' ')
}
