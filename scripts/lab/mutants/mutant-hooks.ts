/** For `node --import`: whatever this process loads is the protocol with the mutant of this name in the environment. */
import { registerHooks } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { mutantVariable } from './mutant.ts'
import { changed, protocolSources } from './mutant-place.ts'
import { allMutants } from './protocol-mutants.ts'

const mutant = allMutants.find(({ name }) => name === process.env[mutantVariable])
if (mutant === undefined) throw new Error(`no mutant is called "${process.env[mutantVariable]}"`)
const sources = new Map(
  [...changed(mutant.changes)].map(([file, source]) => [pathToFileURL(join(protocolSources, file)).href, source]),
)

registerHooks({
  load: (wanted, context, next) => {
    const source = sources.get(wanted)
    return source === undefined ? next(wanted, context) : { format: 'module-typescript', source, shortCircuit: true }
  },
})
