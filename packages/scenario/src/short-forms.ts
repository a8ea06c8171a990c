import { withKind } from '@hearsay/training/schema'
import type { Tree } from './tree.ts'

/** Sections that a word may stand for, and the field that it is: `network: virtual`. */
export const shortForms: ReadonlyMap<string, string> = new Map([
  ['aggregation', 'rule'],
  ['agreement', 'kind'],
  ['network', 'transport'],
  ['topology', 'kind'],
])

/** What stands for a section, or for one of several that a condition allows, in full. */
export function inFull(section: string, value: unknown): unknown {
  const field = shortForms.get(section)
  return field !== undefined && typeof value === 'string' ? { [field]: value } : value
}

/** The parameters with every section in full, and the task with its kind. */
export function spelledOut(tree: Tree): Tree {
  const changed = [...shortForms.keys()].flatMap((section): [string, unknown][] => {
    const value = tree[section]
    return typeof value === 'string' ? [[section, inFull(section, value)]] : []
  })
  const task = withKind(tree.task)
  if (task !== tree.task) changed.push(['task', task])
  return changed.length === 0 ? tree : { ...tree, ...Object.fromEntries(changed) }
}
