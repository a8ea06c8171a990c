/** Text without what steers a terminal, but for the ends of lines: names of files may come from anybody. */
export function plain(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}]/gu, (character) => (character === '\n' ? character : '?'))
}
