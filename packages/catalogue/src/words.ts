/** Text for people: on a terminal, in a file, in a command that is copied. */

/** Without what steers a terminal or breaks a line of a file, but for the ends of lines: a name may come from anybody. */
export function plain(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}]/gu, (character) => (character === '\n' ? character : '?'))
}

/** On one line: what is blank is one space. */
export function oneLine(text: string): string {
  return plain(text.replaceAll(/\s+/g, ' ')).trim()
}

/** JSON on one line or several, in which nothing steers a terminal either: what could is escaped. */
export function plainJson(value: unknown, indent?: number): string {
  const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  // The rest of the control characters JSON escapes itself; its own line ends are no content.
  return JSON.stringify(value, undefined, indent).replaceAll(/[\u007f-\u009f\p{Cf}]/gu, (each) =>
    Array.from({ length: each.length }, (_, at) => escaped(each[at]!)).join(''),
  )
}

/** A word as a shell reads it back: quoted where it has to be. */
export function shellWord(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word
  // Control characters have a form of their own, and would not survive a copy from a terminal.
  if (/[\p{Cc}\p{Cf}]/u.test(word)) return `$'${Array.from(word, ansi).join('')}'`
  return `'${word.replaceAll("'", "'\\''")}'`
}

function ansi(character: string): string {
  if (character === "'" || character === '\\') return `\\${character}`
  if (!/[\p{Cc}\p{Cf}]/u.test(character)) return character
  return Array.from(new TextEncoder().encode(character), (byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')
}
