export type Value = number | string | boolean | null

/** A line of CSV (RFC 4180), empty where a value is null or not finite. */
export function csvLine(values: readonly Value[]): string {
  return values.map(csvField).join(',')
}

function csvField(value: Value): string {
  if (value === null || (typeof value === 'number' && !Number.isFinite(value))) return ''
  const text = String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
