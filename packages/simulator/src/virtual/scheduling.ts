import type { Adversary, Message } from '@hearsay/adversary'

/** How much later a message should be than it is: the greatest wish of all liars; undefined when nobody wishes. */
export function latest(liars: readonly Pick<Adversary, 'delay'>[]): ((message: Message) => number) | undefined {
  const wishing = liars.filter(({ delay }) => delay !== undefined)
  if (wishing.length === 0) return undefined
  return (message) => Math.max(...wishing.map((liar) => liar.delay!(message)))
}
