import { parse } from 'yaml'

/**
 * Whether a scenario's text asks about contraction. What is wrong with the text is left to those who load it. Apart from them:
 * whoever mistypes a scenario should not wait for what runs it.
 */
export function asksAboutContraction(text: string): boolean {
  try {
    const data: unknown = parse(text, { merge: true })
    return typeof data === 'object' && data !== null && 'contraction' in data
  } catch {
    return false
  }
}
