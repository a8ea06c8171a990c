import { withKind } from '@hearsay/training/schema'
import type { Tree } from './tree.ts'

/** Sections that a word may stand for, and the field that it is: `network: virtual`. */
export const shortForms: ReadonlyMap<string, string> = new Map([
  ['agreement', 'kind'],
  ['network', 'transport'],
])

/** The parameters with every section in full, and the task with its kind. */
export function spelledOut(tree: Tree): Tree {
  const changed = [...shortForms].flatMap(([section, field]): [string, unknown][] => {
    const value = tree[section]
    return typeof value === 'string' ? [[section, { [field]: value }]] : []
  })
  const task = withKind(tree.task)
  if (task !== tree.task) changed.push(['task', task])
  return changed.length === 0 ? tree : { ...tree, ...Object.fromEntries(changed) }
}
