import { badData } from '../format/data-error.ts'
import type { DataContext } from '../format/format.ts'
import { fileSize, piecesOf } from '../reading/files.ts'

const mostLineBytes = 1 << 20

/** Rows of numbers between spaces, as numpy.savetxt writes them: row after row. Throws DataError with file and line. */
export async function readRows(
  file: string,
  width: number,
  context: DataContext,
): Promise<{ values: Float32Array; count: number }> {
  // A number and a space are two bytes at least.
  let values = new Float32Array(Math.ceil((await fileSize(file)) / 2) + width)
  let count = 0
  let rest = ''
  let line = 0
  const take = (text: string): void => {
    line++
    const words = text.trim().split(/\s+/)
    if (words.length === 1 && words[0] === '') return
    if (words.length !== width)
      throw badData(`${file}:${line}`, `${words.length} numbers, where ${width} are due; get the file again`)
    for (const [column, word] of words.entries()) {
      const value = Number(word)
      if (!Number.isFinite(value))
        throw badData(`${file}:${line}`, `"${word.slice(0, 20)}" is no number; get the file again`)
      values[count * width + column] = value
    }
    count++
  }
  for await (const piece of piecesOf(file, context)) {
    const lines = (rest + piece.toString('latin1')).split('\n')
    rest = lines.pop()!
    if (rest.length > mostLineBytes)
      throw badData(
        `${file}:${line + lines.length + 1}`,
        'it is longer than a line of numbers can be; get the file again',
      )
    for (const each of lines) take(each)
  }
  if (rest !== '') take(rest)
  if (count === 0) throw badData(file, 'it has no rows; get the file again')
  values = values.slice(0, count * width)
  return { values, count }
}
