/**
 * The little language of `expect`: two sums with a comparison between, over numbers and dotted names.
 *
 *     check  = sum ("==" | "!=" | "<" | "<=" | ">" | ">=") sum
 *     sum    = term (("+" | "-") term)*
 *     term   = number | name ("." name)*
 */

export type Comparator = '==' | '!=' | '<' | '<=' | '>' | '>='

export interface Term {
  readonly sign: 1 | -1
  /** A number, or the path of a measure. */
  readonly value: number | string
  /** Where it begins, characters into the check. */
  readonly offset: number
}

export interface Check {
  readonly left: readonly Term[]
  readonly comparator: Comparator
  readonly right: readonly Term[]
}

/** What is wrong with a check and where, in characters from its beginning. */
export class CheckSyntaxError extends Error {
  readonly code = 'check-invalid'
  readonly offset: number

  constructor(message: string, offset: number) {
    super(message)
    this.name = 'CheckSyntaxError'
    this.offset = offset
  }
}

interface Token {
  readonly kind: 'number' | 'path' | 'sign' | 'comparator' | 'end'
  readonly text: string
  readonly offset: number
}

const tokenPattern =
  /(?<number>\d+(?:\.\d+)?(?:e[+-]?\d+)?)|(?<path>[a-z]\w*(?:\.\w+)*)|(?<comparator>[=!<>]=?)|(?<sign>[+-])/iy

/** Throws CheckSyntaxError unless `text` is one comparison of two sums. */
export function parseCheck(text: string): Check {
  const tokens = tokenise(text)
  let next = 0
  const sum = (): Term[] => {
    const terms: Term[] = []
    let sign: 1 | -1 = 1
    if (tokens[next]!.kind === 'sign') sign = tokens[next++]!.text === '-' ? -1 : 1
    for (;;) {
      const token = tokens[next++]!
      if (token.kind !== 'number' && token.kind !== 'path') throw unexpected(token, 'a number or the name of a measure')
      terms.push({ sign, value: token.kind === 'number' ? Number(token.text) : token.text, offset: token.offset })
      if (tokens[next]!.kind !== 'sign') return terms
      sign = tokens[next++]!.text === '-' ? -1 : 1
    }
  }
  const left = sum()
  const comparator = tokens[next++]!
  if (comparator.kind !== 'comparator') throw unexpected(comparator, 'one of ==, !=, <, <=, >, >=')
  const right = sum()
  const end = tokens[next]!
  if (end.kind !== 'end') throw unexpected(end, 'the end: one check compares two sums')
  return { left, comparator: comparator.text as Comparator, right }
}

function tokenise(text: string): Token[] {
  const tokens: Token[] = []
  let offset = 0
  for (;;) {
    while (text[offset] === ' ') offset++
    if (offset >= text.length) return [...tokens, { kind: 'end', text: '', offset }]
    tokenPattern.lastIndex = offset
    const groups = tokenPattern.exec(text)?.groups
    const [kind, found] = Object.entries(groups ?? {}).find(([, value]) => value !== undefined) ?? []
    if (kind === undefined || found === undefined) throw new CheckSyntaxError(`unexpected "${text[offset]}"`, offset)
    if (found === '=' || found === '!') throw new CheckSyntaxError(`"${found}" is no comparison; use ${found}=`, offset)
    tokens.push({ kind: kind as Token['kind'], text: found, offset })
    offset += found.length
  }
}

function unexpected(token: Token, expected: string): CheckSyntaxError {
  const found = token.kind === 'end' ? 'the end' : `"${token.text}"`
  return new CheckSyntaxError(`expected ${expected}, found ${found}`, token.offset)
}

/** The sum of the terms, NaN when a measure has no number. */
export function evaluate(terms: readonly Term[], measure: (path: string) => number): number {
  return terms.reduce((sum, { sign, value }) => sum + sign * (typeof value === 'number' ? value : measure(value)), 0)
}

/** Whether a check is true; with NaN, nothing is, not even `!=`: what was not measured cannot be relied on. */
export function holds(check: Check, measure: (path: string) => number): boolean {
  const left = evaluate(check.left, measure)
  const right = evaluate(check.right, measure)
  if (Number.isNaN(left) || Number.isNaN(right)) return false
  // Sums of decimals such as 0.9 - 0.02 are not exact; a check must not depend on the last bit. What is added tells
  // how small that is: a distance of 1e-13 is not 0.
  const sizes = [...check.left, ...check.right].map((term) => Math.abs(evaluate([term], measure)))
  const close =
    left === right || (Number.isFinite(left - right) && Math.abs(left - right) <= 1e-12 * Math.max(...sizes))
  return comparisons[check.comparator](close ? 0 : left - right)
}

/** Of the difference of two sides. */
const comparisons: Readonly<Record<Comparator, (difference: number) => boolean>> = {
  '==': (difference) => difference === 0,
  '!=': (difference) => difference !== 0,
  '<': (difference) => difference < 0,
  '<=': (difference) => difference <= 0,
  '>': (difference) => difference > 0,
  '>=': (difference) => difference >= 0,
}
