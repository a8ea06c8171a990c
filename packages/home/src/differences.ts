/** In which fields two genesis records differ, in words: for people who wonder why two peers are of two networks. */

const mostShown = 100

/** One line a field; records that are no JSON differ as a whole. */
export function differencesOf(ours: string, theirs: string): string[] {
  const [mine, other] = [fieldsOf(ours), fieldsOf(theirs)]
  if (mine === undefined || other === undefined) return ['the record cannot be read']
  const names = [...new Set([...Object.keys(mine), ...Object.keys(other)])].sort()
  return names.flatMap((name) => {
    const [from, to] = [mine[name], other[name]]
    if (JSON.stringify(from) === JSON.stringify(to)) return []
    if (isList(from) && isList(to)) return `${name}: ${listChange(from, to)}`
    return isObject(from) && isObject(to)
      ? differencesOf(JSON.stringify(from), JSON.stringify(to)).map((line) => `${name}.${line}`)
      : `${name}: ${shown(from)} → ${shown(to)}`
  })
}

function fieldsOf(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !isList(value)
}

function isList(value: unknown): value is unknown[] {
  return Array.isArray(value)
}

function listChange(from: unknown[], to: unknown[]): string {
  const [before, after] = [new Set(from), new Set(to)]
  const added = to.filter((each) => !before.has(each))
  const removed = from.filter((each) => !after.has(each))
  const parts = [
    `${from.length} → ${to.length}`,
    added.length > 0 && `new ${shown(added)}`,
    removed.length > 0 && `gone ${shown(removed)}`,
  ]
  return parts.filter((part) => part !== false).join(', ')
}

function shown(value: unknown): string {
  if (value === undefined) return 'nothing'
  const text = isList(value)
    ? value.map((each) => (typeof each === 'string' ? each : JSON.stringify(each))).join(' ')
    : JSON.stringify(value)
  return text.length <= mostShown ? text : `${text.slice(0, mostShown)}…`
}
