import type { Finding } from './finding.ts'
import type { Override } from './overrides.ts'
import { touches } from './parameter-path.ts'
import type { Problem } from './scenario-error.ts'
import type { Source } from './source.ts'
import type { Assignment } from './sweep.ts'

/** From what is wrong to where: in the file, at the value of the sweep that set it, or in an override. */
export type Locate = (finding: Finding, assignments?: readonly Assignment[]) => Problem

export function locator(source: Source, overrides: readonly Override[]): Locate {
  return ({ path, at, message, offset }, assignments = []) => {
    const dotted = path.join('.')
    // What is wrong with the whole is no single value's fault.
    if (path.length === 0) return { ...source.position([]), path: '', message }
    const override = overrides.findLast((one) => touches(one.path, path))
    if (override !== undefined) return { path: dotted, origin: override.origin, message }
    const assignment = assignments.findLast((one) => touches(one.path, path))
    if (assignment === undefined) return { ...source.position(path, at, offset), path: dotted, message }
    const within = path.slice(assignment.path.length)
    return { ...source.position([...assignment.source, ...within], at, offset), path: dotted, message }
  }
}
