import { expect, it } from 'vitest'
import { digest, networksOf, sealed } from '../testing/network.ts'
import { asEchoed, type Statement } from '../words/statements.ts'
import { OwnWords } from './own-words.ts'

const networks = networksOf(4, 1)
const place = { number: 1, previous: networks[0]!.genesis }
const of = (kind: 'echo' | 'ready', sender: number, text: string): Statement => ({ kind, sender, digest: digest(text) })

function wordsOf(before: readonly Statement[] = []): OwnWords {
  const said = before.length === 0 ? [] : [sealed(networks, 0, before)]
  return new OwnWords({ network: networks[0]!, self: 0, said, memory: 'whole', timing: { askMs: 100 } })
}

/** What it seals of these, and what it hears itself. */
function spoken(words: OwnWords, statements: readonly Statement[]): { sealed: Statement[]; heard: Statement[] } {
  for (const statement of statements) words.say(place, statement)
  const heard: Statement[] = []
  const envelopes = words.seal((_, statement) => heard.push(statement))
  return { sealed: envelopes.flatMap((envelope) => envelope.statements), heard }
}

it('a READY for what the peer has echoed itself names no digest, and any other does', () => {
  const words = wordsOf()
  spoken(words, [of('echo', 1, 'a'), of('echo', 2, 'a')])
  const readies = [of('ready', 1, 'a'), of('ready', 2, 'b'), of('ready', 3, 'a')]
  const { sealed, heard } = spoken(words, readies)
  expect(sealed).toEqual([{ ...readies[0]!, digest: asEchoed }, readies[1], readies[2]])
  expect(heard).toEqual(readies)
})

it('after a restart a READY is for the ECHO that was said in the life before, whatever the peer holds now', () => {
  const words = wordsOf([of('echo', 1, 'a'), of('echo', 2, 'a')])
  expect(words.again(place)).toHaveLength(1)
  // The sender lies, and this time its other update came first: an ECHO of it is not said.
  const { sealed } = spoken(words, [of('echo', 1, 'b'), of('ready', 1, 'b'), of('ready', 2, 'a')])
  expect(sealed).toEqual([of('ready', 1, 'b'), { ...of('ready', 2, 'a'), digest: asEchoed }])
})
