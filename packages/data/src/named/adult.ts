import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { badData } from '../format/data-error.ts'
import { table } from '../formats/table.ts'
import type { NamedSet } from './named-set.ts'
import { readWith } from './read-with.ts'
import { placeWhole } from './unpack.ts'

const numbers = ['age', 'education-num', 'capital-gain', 'capital-loss', 'hours-per-week']
const categories = [
  'workclass',
  'education',
  'marital-status',
  'occupation',
  'relationship',
  'race',
  'sex',
  'native-country',
] as const
/** As in adult.names. */
const columns =
  'age,workclass,fnlwgt,education,education-num,marital-status,occupation,relationship,race,sex,capital-gain,capital-loss,hours-per-week,native-country,income'
const width = columns.split(',').length
const files = [
  ['adult.data', 'train.csv'],
  ['adult.test', 'test.csv'],
] as const

/** Sizes and digests as in TensorFlow Datasets, `url_checksums/adult.txt`. */
export const adult: NamedSet<'adult'> = {
  name: 'adult',
  summary: '48,842 people of the census of 1994, 5 numbers and 8 categories; income above 50,000 dollars or not',
  options: {
    group: {
      kind: 'choice',
      values: ['none', ...categories],
      summary: 'the column that is no input, but tells whose a row is',
      default: 'none',
    },
  },
  source: 'Becker, Kohavi: Adult (Census Income), UCI Machine Learning Repository (1996), doi:10.24432/C5XW20',
  licence: 'CC BY 4.0',
  mirrors: ['https://archive.ics.uci.edu/ml/machine-learning-databases/adult/'],
  pinned: [
    {
      name: 'adult.data',
      sizeBytes: 3_974_305,
      sha256: '5b00264637dbfec36bdeaab5676b0b309ff9eb788d63554ca0a249491c86603d',
    },
    {
      name: 'adult.test',
      sizeBytes: 2_003_153,
      sha256: 'a2a9044bc167a35b2361efbabec64e89d69ce82d9790d2980119aac5fd7e9c05',
    },
  ],
  prepared: files.map(([, name]) => name),
  async prepare(folder) {
    for (const [from, to] of files) {
      const rows = tableOf(join(folder, from), await readFile(join(folder, from), 'latin1'))
      await placeWhole(join(folder, to), (part) => writeFile(part, rows))
    }
  },
  gives: 'samples',
  read: (folder, { group }, context) =>
    readWith(
      table,
      {
        train: 'train.csv',
        test: 'test.csv',
        label: 'income',
        classes: ['<=50K', '>50K'],
        // Not fnlwgt: how many people a row stands for.
        inputs: [...numbers, ...categories.filter((name) => name !== group)],
        ...(group === 'none' ? {} : { group }),
      },
      folder,
      context,
    ),
}

/** The table that is in a file of UCI: with names of columns, without what is no row, and `unknown` where it has a question mark. */
function tableOf(file: string, text: string): string {
  const rows = [columns]
  for (const [at, line] of text.split('\n').entries()) {
    if (line.trim() === '' || line.startsWith('|')) continue
    const cells = line.split(',').map((cell) => cell.trim().replace(/^\?$/, 'unknown'))
    if (cells.length !== width)
      throw badData(`${file}:${at + 1}`, `${cells.length} values, where ${width} are due; get the file again`)
    // In the test part only, they end with a full stop.
    cells[width - 1] = cells[width - 1]!.replace(/\.$/, '')
    rows.push(cells.join(','))
  }
  return `${rows.join('\n')}\n`
}
