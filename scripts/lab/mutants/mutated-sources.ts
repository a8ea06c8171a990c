import { join } from 'node:path'
import { mutantVariable } from './mutant.ts'
import { changed, protocolSources } from './mutant-place.ts'
import { allMutants } from './protocol-mutants.ts'

/** By its path, each file that is different with the mutant that the environment names. */
export function mutatedSources(): Map<string, string> {
  const name = process.env[mutantVariable]
  const mutant = allMutants.find((each) => each.name === name)
  if (mutant === undefined) throw new Error(`no mutant is called "${name}"`)
  return new Map([...changed(mutant.changes)].map(([file, source]) => [join(protocolSources, file), source]))
}
