/** For `node --import`: whatever this process loads is the protocol with the mutant of this name in the environment. */
import { registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'
import { mutatedSources } from './mutated-sources.ts'

const sources = mutatedSources()

registerHooks({
  load: (wanted, context, next) => {
    const source = wanted.startsWith('file:') ? sources.get(fileURLToPath(wanted)) : undefined
    return source === undefined ? next(wanted, context) : { format: 'module-typescript', source, shortCircuit: true }
  },
})
