/** A map as YAML gives it. */
export type Tree = { [key: string]: unknown }

export function isTree(data: unknown): data is Tree {
  return typeof data === 'object' && data !== null && !Array.isArray(data)
}

/** What is no map has no fields. */
export function toTree(data: unknown): Tree {
  return isTree(data) ? data : {}
}
