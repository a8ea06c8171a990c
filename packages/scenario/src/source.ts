import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml'
import { type Problem, ScenarioError } from './scenario-error.ts'

export interface Position {
  readonly line: number
  readonly column: number
}

/** A YAML text with the places of its fields. */
export interface Source {
  /** The text as plain data. */
  readonly data: unknown
  /**
   * Where the value at `path` begins, or its key with `at: 'key'`; the nearest enclosing field when there is none.
   * `offset` counts characters into a scalar's text.
   */
  position(path: readonly PropertyKey[], at?: 'key' | 'value', offset?: number): Position
}

/** Of a text that is not YAML: what comes later mostly follows from these. */
const mostFaults = 3

/** Throws a ScenarioError when the text is not YAML, naming line and column. */
export function parseSource(text: string, file: string): Source {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: true })
  const place = (offset: number): Position => {
    const { line, col } = lines.linePos(offset)
    return { line: Math.max(1, line), column: Math.max(1, col) }
  }
  const faults = [...document.errors, ...document.warnings].slice(0, mostFaults)
  if (faults.length > 0) {
    const problems = faults.map((fault) => ({
      ...place(fault.pos[0]),
      path: '',
      message: `not YAML: ${fault.message}`,
    }))
    throw new ScenarioError(file, problems)
  }
  return {
    data: plainData(document, file),
    position: (path, at = 'value', offset = 0) => place(findOffset(document, path, at, offset)),
  }
}

function plainData(document: Document.Parsed, file: string): unknown {
  try {
    const data: unknown = document.toJS({ maxAliasCount: 100 })
    if (containsItself(data)) throw new Error('a value contains itself')
    return data
  } catch (error) {
    const problem: Problem = { path: '', message: `not usable YAML: ${(error as Error).message}` }
    throw new ScenarioError(file, [problem])
  }
}

function findOffset(
  document: Document.Parsed,
  path: readonly PropertyKey[],
  at: 'key' | 'value',
  within: number,
): number {
  let node: unknown = document.contents
  let offset = startOf(document.contents) ?? 0
  for (const [depth, segment] of path.entries()) {
    if (isAlias(node)) node = node.resolve(document)
    const last = depth === path.length - 1
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(segment))
      if (pair === undefined) return offset
      const keyOffset = startOf(pair.key) ?? offset
      offset = last && at === 'key' ? keyOffset : (startOf(pair.value) ?? keyOffset)
      node = pair.value
    } else if (isSeq(node)) {
      const item: unknown = node.items[Number(segment)]
      if (item === undefined) return offset
      offset = startOf(item) ?? offset
      node = item
    } else {
      return offset
    }
  }
  if (within === 0 || !isScalar(node)) return offset
  return offset + within + (node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE' ? 1 : 0)
}

function startOf(node: unknown): number | undefined {
  return (node as Node | null)?.range?.[0]
}

function containsItself(value: unknown, ancestors: readonly unknown[] = []): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (ancestors.includes(value)) return true
  return Object.values(value).some((inner) => containsItself(inner, [...ancestors, value]))
}
