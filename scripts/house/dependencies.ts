// What a package.json declares against what the sources beside it name.
import { type Import, packageOf } from './imports.ts'

type Versions = Readonly<Record<string, string>>

export interface Manifest {
  readonly dependencies?: Versions
  readonly optionalDependencies?: Versions
  readonly devDependencies?: Versions
  readonly peerDependencies?: Versions
  readonly exports?: Readonly<Record<string, unknown>>
  readonly bin?: Versions
  readonly publishConfig?: { readonly exports?: Readonly<Record<string, unknown>> }
}

/** The literal texts of a package's sources: of what is shipped, and of its tests. */
interface Texts {
  readonly shipped: ReadonlySet<string>
  readonly tests: ReadonlySet<string>
}

/** The dependencies that nothing names which may use them: those of what is shipped must be named there. */
export function unusedDependencies(manifest: Manifest, { shipped, tests }: Texts): string[] {
  // Types of a package that has none are used where it is.
  const named = (name: string, texts: ReadonlySet<string>): boolean => {
    const called = name.replace(/^@types\//, '')
    return [...texts].some((text) => text === called || text.startsWith(`${called}/`))
  }
  return [
    ...Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies }).filter(
      (name) => !named(name, shipped),
    ),
    ...Object.keys(manifest.devDependencies ?? {}).filter((name) => !named(name, shipped) && !named(name, tests)),
  ]
}

/** Whether an import asks for what its package does not export. */
export function isPastExports({ from }: Pick<Import, 'from'>, { exports = {} }: Manifest): boolean {
  const wanted = `.${from.slice(packageOf(from).length)}`
  return !Object.keys(exports).some((entry) => {
    const [before = '', after] = entry.split('*')
    if (after === undefined) return wanted === entry
    return wanted.startsWith(before) && wanted.endsWith(after) && wanted.length > before.length + after.length
  })
}

/** Whether a package gives a file of its folder to others, as `./src/index.ts`: by its exports or as a program. */
export function isEntry(file: string, { exports = {}, bin = {} }: Manifest): boolean {
  const targets = [...Object.values(exports), ...Object.values(bin)].flatMap((target) =>
    typeof target === 'object' && target !== null ? Object.values(target) : [target],
  )
  return targets.some((target) => {
    const [before = '', after] = String(target).split('*')
    return after === undefined ? file === target : file.startsWith(before) && file.endsWith(after)
  })
}
