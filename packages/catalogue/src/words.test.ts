import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { oneLine, plain, plainJson, shellWord } from './words.ts'

test('nothing steers a terminal', () => {
  expect(plain('a\x1b[31m\u009b\u202e\nb\r\0')).toBe('a?[31m??\nb??')
  expect(oneLine(' a \n\t b\x1b\n')).toBe('a b?')
})

test('JSON says the same, and nothing in it steers a terminal', () => {
  const value = { 'a\u009b': ['\x7f\x1b', '\u202e', '\u{e0001}', 'né'] }
  for (const indent of [undefined, 2]) {
    const text = plainJson(value, indent)
    expect(text).toMatch(/^[\n\x20-\x7eé]*$/)
    expect(JSON.parse(text)).toEqual(value)
  }
})

test('a shell reads back what was quoted', () => {
  const words = ['a', 'a b', "it's", '$HOME', '', '*', '~/x', '\\', 'a\nb', "\x1b'[31m\\", 'né', '-x', '\u202e é']
  for (const word of words) {
    const shown = execFileSync('bash', ['-c', `printf %s ${shellWord(word)}`], { encoding: 'utf8' })
    expect(shown).toBe(word)
    expect(shellWord(word)).not.toMatch(/[\p{Cc}\p{Cf}]/u)
  }
  expect(shellWord('runs/x-1.yaml')).toBe('runs/x-1.yaml')
})
