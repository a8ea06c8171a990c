import type { RunLog } from '@hearsay/results'
import { CommandError } from './command-error.ts'

/** Where else a run is kept, by what stands after `--log`. Throws CommandError. */
export async function logsOf(given: readonly string[]): Promise<RunLog[]> {
  if (given.length === 0) return []
  const { mlflow, tensorboard, trackio } = await import('@hearsay/results')
  return given.map((each) => {
    if (each === 'tensorboard') return tensorboard
    if (each === 'trackio') return trackio
    const url = /^mlflow=(https?:\/\/.+)$/.exec(each)?.[1]
    if (url !== undefined && URL.canParse(url)) return mlflow(url)
    throw new CommandError(`--log ${each}: tensorboard, trackio, or mlflow=URL such as mlflow=http://127.0.0.1:5000`)
  })
}
