/** For `node --import`: whatever this process loads is the protocol with the mutant of this name in the environment. */
import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { mutantVariable } from './mutant.ts'
import { mutated } from './mutants.ts'
import { allMutants } from './protocol-mutants.ts'

const mutant = allMutants.find(({ name }) => name === process.env[mutantVariable])
if (mutant === undefined) throw new Error(`no mutant is called "${process.env[mutantVariable]}"`)
const file = join(import.meta.dirname, '..', 'packages', 'protocol', 'src', mutant.file)
const url = pathToFileURL(file).href

registerHooks({
  load: (wanted, context, next) =>
    wanted === url
      ? { format: 'module-typescript', source: mutated(readFileSync(file, 'utf8'), mutant), shortCircuit: true }
      : next(wanted, context),
})
