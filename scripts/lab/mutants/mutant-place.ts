/** Where a mutant changes the protocol: by what stands there in the syntax tree, in whichever file. */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isTest } from '../../house/rooms.ts'
import { isNode, type Node, parse, same, visit } from '../../house/syntax-tree.ts'

/** What is replaced by what. Both are source; of `from` only the tree counts. */
export interface Change {
  /** `Class.member`, or the name of a function or constant. */
  readonly at: string
  /** An expression, statements, or a property of an object: once there. */
  readonly from: string
  /** Nothing is done there if it is empty. */
  readonly to: string
}

/** A file of the protocol, by its path in packages/protocol/src. */
interface Source {
  readonly file: string
  readonly text: string
  readonly declarations: readonly Declaration[]
}

interface Declaration {
  readonly at: string
  readonly node: Node
}

/** A part of a file, and what comes there. */
interface Edit {
  readonly file: string
  readonly start: number
  readonly end: number
  readonly text: string
}

/** packages/protocol/src. */
export const protocolSources = join(import.meta.dirname, '../../..', 'packages', 'protocol', 'src')
let sources: readonly Source[] | undefined

/** The files that are different with these changes, by their path in packages/protocol/src. */
export function changed(changes: readonly Change[]): Map<string, string> {
  sources ??= globSync('**/*.ts', { cwd: protocolSources })
    .sort()
    .filter((file) => !isTest(`/${file}`))
    .map(read)
  const edits = changes.map((change) => editOf(change, sources!)).sort((a, b) => b.start - a.start)
  const texts = new Map<string, string>()
  for (const { file, start, end, text } of edits) {
    const before = texts.get(file) ?? sources.find((source) => source.file === file)!.text
    texts.set(file, before.slice(0, start) + text + before.slice(end))
  }
  return texts
}

function read(file: string): Source {
  const text = readFileSync(join(protocolSources, file), 'utf8')
  return { file, text, declarations: declarationsOf(parse(text)) }
}

function declarationsOf(program: Node): Declaration[] {
  return (program.body as Node[]).flatMap((statement) => {
    const declared = isNode(statement.declaration) ? statement.declaration : statement
    if (declared.type === 'ClassDeclaration')
      return ((declared.body as Node).body as Node[]).map((member) => ({
        at: `${nameOf(declared.id)}.${nameOf(member.key)}`,
        node: member,
      }))
    if (declared.type === 'FunctionDeclaration') return [{ at: nameOf(declared.id), node: declared }]
    if (declared.type === 'VariableDeclaration')
      return (declared.declarations as Node[]).map((each) => ({ at: nameOf(each.id), node: each }))
    return []
  })
}

function nameOf(node: unknown): string {
  if (!isNode(node)) return ''
  return `${node.type === 'PrivateIdentifier' ? '#' : ''}${node.name}`
}

function editOf({ at, from, to }: Change, all: readonly Source[]): Edit {
  const pattern = patternOf(from)
  const edits: Edit[] = []
  let declared = 0
  for (const { file, declarations } of all) {
    for (const declaration of declarations) {
      if (declaration.at !== at) continue
      declared++
      for (const place of placesOf(declaration.node, pattern)) edits.push({ file, ...replace(place, to) })
    }
  }
  if (declared === 0) throw new Error(`there is no ${at}`)
  if (edits.length !== 1) throw new Error(`in ${at} there is ${edits.length} times, not once: ${from}`)
  return edits[0]!
}

interface Place {
  readonly first: Node
  readonly last: Node
  /** What it is in. */
  readonly parent: Node
}

function placesOf(within: Node, pattern: readonly Node[]): Place[] {
  const places: Place[] = []
  visit(within, (node) => {
    for (const value of Object.values(node)) {
      const children = Array.isArray(value) ? value : [value]
      for (let at = 0; at + pattern.length <= children.length; at++)
        if (pattern.every((each, index) => same(each, children[at + index])))
          places.push({ first: children[at], last: children[at + pattern.length - 1], parent: node })
    }
  })
  return places
}

function replace({ first, last, parent }: Place, to: string): Omit<Edit, 'file'> {
  const part = { start: first.start, end: last.end }
  if (/Statement$|Declaration$/.test(first.type)) return { ...part, text: to === '' ? ';' : to }
  const expression = to === '' ? 'void 0' : to
  return {
    ...part,
    text: parent.type === 'ExpressionStatement' || first.type === 'Property' ? expression : `(${expression})`,
  }
}

/** One expression, if it can be one; else statements, else one property. */
function patternOf(text: string): readonly Node[] {
  const inMethod = (body: string): readonly Node[] => {
    const [made] = parse(`class _ { async *_() { ${body}\n } }`).body as Node[]
    const [method] = (made!.body as Node).body as Node[]
    return ((method!.value as Node).body as Node).body as Node[]
  }
  const expression = (body: string): Node => inMethod(`(${body}\n)`)[0]!.expression as Node
  for (const read of [
    () => [expression(text)],
    () => inMethod(text),
    () => expression(`{${text}}`).properties as Node[],
  ]) {
    try {
      return read()
    } catch (error) {
      if ((error as { code?: unknown }).code !== 'PARSE_ERROR') throw error
    }
  }
  throw new Error(`neither an expression nor statements nor a property: ${text}`)
}
