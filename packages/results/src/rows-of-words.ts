const gap = '  '
const leastWidth = 12

/** Of rows of words: columns of the terminal, and which of them hold words that may be broken into lines, where it is narrow. */
interface Fit {
  readonly width: number
  readonly wrapped: readonly number[]
}

/** Rows of words in columns: the first flush left, the others right. Empty for no rows. */
export function renderRows(
  rows: readonly (readonly string[])[],
  { width, wrapped }: Fit = { width: Number.POSITIVE_INFINITY, wrapped: [] },
): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  const others = widths.reduce((sum, each, at) => sum + gap.length + (wrapped.includes(at) ? 0 : each), -gap.length)
  const room = Math.max(leastWidth, Math.floor((width - others) / Math.max(1, wrapped.length)))
  for (const at of wrapped) widths[at] = Math.min(widths[at]!, room)
  return rows
    .flatMap((row) => {
      const cells = row.map((text, at) => wrapWords(text, widths[at]!))
      const lines = Math.max(...cells.map(({ length }) => length))
      return Array.from({ length: lines }, (_, line) =>
        cells
          .map((words, at) => {
            const text = words[line] ?? ''
            return at === 0 ? (line === 0 ? text : `${gap}${text}`).padEnd(widths[at]!) : text.padStart(widths[at]!)
          })
          .join(gap)
          .trimEnd(),
      )
    })
    .join('\n')
}

/** Lines of at most `width` characters; those after the first leave room for an indent. */
export function wrapWords(text: string, width: number): string[] {
  const lines: string[] = ['']
  for (const word of text.split(' ')) {
    const room = lines.length === 1 ? width : width - gap.length
    const last = lines.at(-1)!
    if (last === '') lines[lines.length - 1] = word
    else if (last.length + 1 + word.length <= room) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}
