import { readGenesis } from '@hearsay/home'
import type { Genesis } from '@hearsay/ledger'
import { loadExtensionsOf } from './genesis-extensions.ts'
import { checkGenesisTask, learningSchemas } from './genesis-task.ts'

/** A genesis that peers can start with: extensions, task and all. Throws what tells where it is wrong. */
export async function readWhole(file: string): Promise<Genesis> {
  const genesis = readGenesis(file, learningSchemas(await loadExtensionsOf(file)))
  await checkGenesisTask(genesis, file)
  return genesis
}
