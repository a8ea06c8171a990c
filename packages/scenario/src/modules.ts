import { isTree, type Tree, toTree } from './tree.ts'

/** A file of extensions, and where the scenario names it. */
export interface NamedFile {
  readonly path: PropertyKey[]
  readonly file: string
}

/** The modules that tasks name, `task: { module: ./task.ts }`: in the scenario, and in what its sweep changes. */
export function modulesIn(data: unknown): NamedFile[] {
  const { task, sweep } = toTree(data)
  const entries = Array.isArray(sweep)
    ? sweep.map((entry, index) => named(entry, ['sweep', index]))
    : [named(sweep, ['sweep'])]
  return [...moduleOf(task, ['task']), ...entries.flat()]
}

function named(entry: unknown, path: PropertyKey[]): NamedFile[] {
  return Object.entries(toTree(entry)).flatMap(([key, value]) => {
    const values: [unknown, PropertyKey[]][] = Array.isArray(value)
      ? value.map((one, index) => [one, [...path, key, index]])
      : [[value, [...path, key]]]
    if (key === 'task') return values.flatMap(([one, place]) => moduleOf(one, place))
    if (key === 'task.module')
      return values.flatMap(([one, place]) => (typeof one === 'string' ? [{ path: place, file: one }] : []))
    return []
  })
}

function moduleOf(task: unknown, path: PropertyKey[]): NamedFile[] {
  const { module }: Tree = isTree(task) ? task : {}
  return typeof module === 'string' ? [{ path: [...path, 'module'], file: module }] : []
}
