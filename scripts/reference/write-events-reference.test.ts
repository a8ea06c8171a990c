import { readFileSync } from 'node:fs'
import { lineSchema } from '@hearsay/peer'
import { expect, test } from 'vitest'
import { eventsFiles, eventsReference } from './write-events-reference.ts'

test('document and JSON Schema of events are current: `node scripts/reference/write-events-reference.ts` writes them', () => {
  for (const [file, text] of eventsFiles()) expect(readFileSync(file, 'utf8'), file).toBe(text)
})

test('every event is listed once, with what it means', () => {
  const headings = eventsReference().match(/^## .*\n\n[A-Z]/gm)
  expect(headings).toHaveLength(lineSchema.options.length)
  expect(new Set(headings).size).toBe(lineSchema.options.length)
})
