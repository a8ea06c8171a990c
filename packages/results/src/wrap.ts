import { textWidth, type Weight } from './fonts.ts'

/** Lines of at most this width, pixels at a size of one pixel; a word that is longer is broken. */
export function wrap(text: string, width: number, weight: Weight): string[] {
  const lines: string[] = []
  const space = textWidth('n n', weight) - textWidth('nn', weight)
  let wide = 0
  for (const word of text.split(/\s+/).flatMap((each) => breakWord(each, width, weight))) {
    const longer = `${lines.at(-1)} ${word}`
    // Words come again and are measured once; a line is measured where it is not clear from its words.
    const about = wide + space + textWidth(word, weight)
    const fits =
      lines.length > 0 && about < 1.05 * width && (about < 0.95 * width || textWidth(longer, weight) <= width)
    if (fits) lines[lines.length - 1] = longer
    else lines.push(word)
    wide = fits ? about : textWidth(word, weight)
  }
  return lines.filter((line) => line !== '')
}

function breakWord(word: string, width: number, weight: Weight): string[] {
  if (textWidth(word, weight) <= width) return [word]
  const parts = ['']
  for (const character of word) {
    const longer = parts.at(-1) + character
    if (textWidth(longer, weight) <= width) parts[parts.length - 1] = longer
    else parts.push(character)
  }
  return parts
}
