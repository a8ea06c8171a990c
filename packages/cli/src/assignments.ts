import { CommandError } from './command-error.ts'

/** Values of options that were given as `name=value`; what looks like a number is one. `where` begins errors. */
export function assignmentsOf(words: readonly string[], where: string): Record<string, string | number> {
  return Object.fromEntries(
    words.map((text) => {
      const equals = text.indexOf('=')
      if (equals < 1) throw new CommandError(`${where}: expected name=value, found "${text}".`)
      const value = text.slice(equals + 1)
      const number = value.trim() === '' ? Number.NaN : Number(value)
      return [text.slice(0, equals), Number.isNaN(number) ? value : number]
    }),
  )
}

/** `nnm`, `clipping:norm=2`, `name:a=1,b=2`. */
export function beforeOf(text: string): unknown {
  const colon = text.indexOf(':')
  if (colon < 0) return text
  return { [text.slice(0, colon)]: assignmentsOf(text.slice(colon + 1).split(','), `--before ${text}`) }
}

/** For options that may be repeated. */
export function collect(value: string, before: readonly string[]): string[] {
  return [...before, value]
}

/** A rule with its options, given as `flag` each. */
export function ruleOf(
  {
    rule,
    tolerated,
    before,
  }: { readonly rule: string; readonly tolerated: number; readonly before: readonly string[] },
  assignments: readonly string[],
  flag: string,
) {
  const options = assignmentsOf(assignments, flag)
  for (const name of ['rule', 'tolerated', 'before'].filter((each) => Object.hasOwn(options, each))) {
    throw new CommandError(`${flag} ${name}: it is no option of the rule; say --${name}.`)
  }
  return { ...options, rule, tolerated, before: before.map(beforeOf) }
}
