import { z } from 'zod'
import { classesField, labelsField } from '../reading/classes.ts'
import { testShareField } from '../reading/held-back.ts'
import { scaleField } from '../reading/scale.ts'

const name = z.string().min(1)
const names = z.array(name).min(1).max(100_000)

/** What a value that is missing may look like. */
export const absent = ['', '?', 'NA', 'N/A', 'n/a', 'NaN', 'nan', 'null', 'NULL', 'None']

/** What may be said of a file of text. */
export const textFields = {
  separator: z
    .union([z.string().regex(/^[^"\r\n]$/, 'one character, and no quote or end of line'), z.enum(['::', 'space'])])
    .optional()
    .describe(
      'between values: a character, "::" or "space" for any number of spaces; when left out, a tab in .tsv, else a comma',
    ),
  decimal: z.enum(['.', ',']).default('.').describe('what stands before decimals'),
  columns: z
    .union([names, z.int().min(1).max(100_000)])
    .optional()
    .describe('names of the columns of a file without a line of them, or how many there are, called "1", "2", …'),
}

/** What `data` has when it is a table. */
export const tableFields = {
  train: name.describe('the file: .csv, .tsv or .parquet; text may be gzipped (.gz)'),
  test: name.optional().describe('another file of the same columns, for tests'),
  testShare: testShareField,
  label: z.union([name, names]).describe('the column of labels, or several'),
  labels: labelsField,
  classes: classesField,
  inputs: names.optional().describe('the columns to learn from; when left out, all others'),
  group: name.optional().describe('the column that tells whose a row is: a person, a hospital, a device'),
  categories: z
    .union([names, z.record(name, names)])
    .optional()
    .describe(
      'columns that are categories though they look like numbers, or for each its categories in their order, needed when peers ' +
        'read files of their own; text is a category anyway',
    ),
  missing: z
    .enum(['error', 'drop', 'mean'])
    .default('error')
    .describe(
      'a missing value: error; drop leaves the row out; mean puts the mean of the training part in place of a number and makes ' +
        '"missing" a category',
    ),
  absent: z.array(z.string()).default(absent).describe('what a missing value looks like'),
  scale: scaleField('standard'),
  shape: z
    .array(z.int().min(1))
    .min(1)
    .max(8)
    .optional()
    .describe('of one input, for rows that are pictures or series; when left out, a list'),
  ...textFields,
}

const schema = z.object(tableFields)
export type TableSpec = z.infer<typeof schema> & { readonly kind: string }
