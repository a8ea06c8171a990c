import { textWidth, type Weight } from './fonts.ts'

/** Lines of at most this width, pixels at a size of one pixel; a word that is longer is broken. */
export function wrap(text: string, width: number, weight: Weight): string[] {
  const lines: string[] = []
  for (const word of text.split(/\s+/).flatMap((each) => breakWord(each, width, weight))) {
    const longer = `${lines.at(-1)} ${word}`
    if (lines.length > 0 && textWidth(longer, weight) <= width) lines[lines.length - 1] = longer
    else lines.push(word)
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
