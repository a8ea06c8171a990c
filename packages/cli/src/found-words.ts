import type { Summary } from '@hearsay/scenario'

/** What a run found, for a terminal: matrices where all panels are heat maps, else the table; the price of agreement; what was published. */
export async function foundInWords(
  summary: Summary,
  stream: Pick<NodeJS.WriteStream, 'isTTY' | 'columns'>,
): Promise<string> {
  const { renderMatrices, renderPrice, renderPublished, renderTable } = await import('@hearsay/results')
  const width = stream.columns ?? 110
  const shape = { width, colour: stream.isTTY === true && !process.env.NO_COLOR }
  const found = renderMatrices(summary, shape) ?? renderTable(summary, shape)
  return [found, renderPrice(summary, width), renderPublished(summary)].filter((text) => text !== '').join('\n\n')
}
