import { z } from 'zod'

/** Of a text that names something in tables, files and pictures. */
export const lineRule = 'must be one line without control characters'

export function isLine(text: string): boolean {
  return !/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u.test(text)
}

/** Words of people, which may go over several lines, as YAML's blocks do: blanks are shown as one space. */
export function textSchema(most: number) {
  return z
    .string()
    .min(1)
    .max(most)
    .refine((text) => isLine(text.replaceAll(/[\t\r\n]/g, ' ')), 'must be without control characters')
}
