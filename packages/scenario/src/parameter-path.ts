import { suggestion } from '@hearsay/catalogue'
import { type JsonSchema, keysAt, schemasAt } from './json-schema.ts'
import type { Tree } from './tree.ts'

/** `task.dataset` as segments. */
export function parsePath(text: string): string[] {
  return text.split('.')
}

/** Why `path` names nothing in `schema`, with the nearest name that exists; undefined when it names something. */
export function unknownPath(schema: JsonSchema, path: readonly string[]): string | undefined {
  for (let length = 1; length <= path.length; length++) {
    if (schemasAt(schema, path.slice(0, length)).length > 0) continue
    const parent = path.slice(0, length - 1)
    const segment = path[length - 1]!
    const known = keysAt(schema, parent)
    const place = parent.length === 0 ? '' : ` in ${parent.join('.')}`
    if (known.length === 0) return `unknown parameter: ${parent.join('.')} has no fields`
    return `unknown parameter "${segment}"${place}${suggestion(segment, known)} (known: ${known.join(', ')})`
  }
  return undefined
}

/** The value at `path`, undefined when there is none. */
export function getPath(tree: unknown, path: readonly PropertyKey[]): unknown {
  let value = tree
  for (const segment of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, segment)) return undefined
    value = (value as Record<PropertyKey, unknown>)[segment]
  }
  return value
}

/**
 * A copy of `tree` with `value` at `path`; maps on the way are made where there are none. Only for paths that
 * `unknownPath` has passed. Throws a RangeError when a list has no such element.
 */
export function setPath(tree: unknown, path: readonly string[], value: unknown): unknown {
  const [segment, ...rest] = path
  if (segment === undefined) return value
  if (Array.isArray(tree)) {
    const copy = [...tree]
    const index = Number(segment)
    if (!(index < copy.length)) throw new RangeError(`there are only ${copy.length} elements, numbered from 0`)
    copy[index] = setPath(copy[index], rest, value)
    return copy
  }
  const map: Tree = typeof tree === 'object' && tree !== null ? { ...tree } : {}
  map[segment] = setPath(Object.hasOwn(map, segment) ? map[segment] : undefined, rest, value)
  return map
}

/** Whether one path is the other or contains it. */
export function touches(a: readonly PropertyKey[], b: readonly PropertyKey[]): boolean {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a]
  return short.every((segment, index) => String(segment) === String(long[index]))
}
