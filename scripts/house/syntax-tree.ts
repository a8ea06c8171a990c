import { parseAst } from 'vitest/node'

/** A node of the syntax tree of a source in TypeScript. Parentheses, comments and white space are no nodes. */
export interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly [key: string]: unknown
}

export const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string'

/** @throws Error with the code PARSE_ERROR. */
export const parse = (text: string, lang: 'ts' | 'js' = 'ts'): Node => parseAst(text, { lang }) as unknown as Node

/** Every node, before those in it, with the one that it is in and by what name. */
export function visit(
  node: Node,
  see: (node: Node, parent: Node | undefined, key: string) => void,
  parent?: Node,
  key = '',
): void {
  see(node, parent, key)
  for (const [name, value] of Object.entries(node)) {
    if (Array.isArray(value)) {
      for (const child of value) if (isNode(child)) visit(child, see, node, name)
    } else if (isNode(value)) visit(value, see, node, name)
  }
}

/** Where something is in a text, and how it is written there. */
const formatting = new Set(['start', 'end', 'raw'])

/** Whether two trees are of the same source, however it is formatted. */
export function same(one: unknown, other: unknown): boolean {
  if (typeof one !== 'object' || one === null || typeof other !== 'object' || other === null) return one === other
  if (Array.isArray(one) !== Array.isArray(other)) return false
  const names = Object.keys(one).filter((name) => !formatting.has(name))
  const others = Object.keys(other).filter((name) => !formatting.has(name))
  return (
    names.length === others.length &&
    names.every((name) => same((one as Record<string, unknown>)[name], (other as Record<string, unknown>)[name]))
  )
}
