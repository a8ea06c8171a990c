// What a source imports, and from where.
import { isNode, type Node, visit } from './syntax-tree.ts'

export interface Import {
  readonly from: string
  readonly start: number
  readonly typesOnly: boolean
  /** undefined: everything. */
  readonly names: readonly string[] | undefined
}

export const literal = (value: unknown): string | undefined =>
  isNode(value) && typeof value.value === 'string' ? value.value : undefined
export const nameOf = (value: unknown): string | undefined =>
  isNode(value) && typeof value.name === 'string' ? value.name : literal(value)

/** The import that a node is, if it is one: import and export from, import(), import types, require(). */
export function importOf(node: Node): Import | undefined {
  const called = node.type === 'CallExpression' && nameOf(node.callee) === 'require'
  const from = called ? literal((node.arguments as unknown[])[0]) : literal(node.source)
  if (from === undefined) return undefined
  const specifiers = Array.isArray(node.specifiers) ? node.specifiers.filter(isNode) : undefined
  const named = specifiers?.every((each) => each.type === 'ImportSpecifier' || each.type === 'ExportSpecifier')
  const isType = (each: Node) => each.importKind === 'type' || each.exportKind === 'type'
  return {
    from,
    start: node.start,
    typesOnly:
      isType(node) ||
      node.type === 'TSImportType' ||
      (specifiers !== undefined && specifiers.length > 0 && specifiers.every(isType)),
    names: named ? specifiers?.map((each) => nameOf(each.imported ?? each.local) ?? '') : undefined,
  }
}

export function importsOf(program: Node): Import[] {
  const found: Import[] = []
  visit(program, (node) => {
    const each = importOf(node)
    if (each !== undefined) found.push(each)
  })
  return found
}

/** All literal texts in a source: what it imports, resolves or starts is among them. */
export function textsOf(program: Node): Set<string> {
  const texts = new Set<string>()
  visit(program, (node) => {
    const text = node.type === 'TemplateElement' ? (node.value as { readonly cooked: string }).cooked : literal(node)
    if (text !== undefined) texts.add(text)
  })
  return texts
}

export const packageOf = (from: string): string =>
  from
    .split('/')
    .slice(0, from.startsWith('@') ? 2 : 1)
    .join('/')
export const roomOf = (from: string): string | undefined => /^@hearsay\/([^/]+)/.exec(from)?.[1]
