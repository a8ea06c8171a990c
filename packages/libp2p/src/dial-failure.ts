/** Why a peer cannot be reached, in words for people, from what libp2p and the system throw. */
import type { Trouble } from '@hearsay/peer'

interface Reason {
  readonly why: Trouble
  readonly what: string
}

const mostTextLength = 200

/** Each with what the error says; the first that fits is told. */
const reasons: readonly (readonly [RegExp, (match: RegExpExecArray) => Reason])[] = [
  [
    /identity key (\S{1,80}) does not match/,
    ([, id]) => ({ why: 'wrong-identity', what: `another peer, ${id}, answers there: the address or the id is wrong` }),
  ],
  [
    /ECONNREFUSED/,
    () => ({ why: 'nobody-there', what: 'nobody listens there: it is not up yet, or the address is wrong' }),
  ],
  [/ENOTFOUND|EAI_AGAIN/, () => ({ why: 'unknown-name', what: 'the name has no address, or no name server answers' })],
  [
    /EHOSTUNREACH|ENETUNREACH|ENETDOWN|EADDRNOTAVAIL/,
    () => ({ why: 'unreachable', what: 'there is no way there from this machine' }),
  ],
  [
    /timeout|timed out|ETIMEDOUT/i,
    () => ({
      why: 'no-answer',
      what: 'nothing answers there: a firewall may drop what is sent, or the machine is off',
    }),
  ],
  [
    /Unexpected EOF|stream closed|ECONNRESET|EPIPE|socket hang up|Missing newline|InvalidMessage|protocol selection/i,
    () => ({ why: 'no-peer', what: 'whoever answers there hangs up, or is no peer of Hearsay' }),
  ],
]

export function dialFailure(error: unknown): Reason {
  const text = messagesOf(error, 3).join('; ').slice(0, 2000)
  for (const [pattern, reason] of reasons) {
    const match = pattern.exec(text)
    if (match !== null) return reason(match)
  }
  return { why: 'other', what: text.slice(0, mostTextLength) }
}

/** Of an error, and of those that it sums up. */
function messagesOf(error: unknown, depth: number): string[] {
  if (!(error instanceof Error)) return [String(error)]
  const { code, errors, cause } = error as Error & { code?: unknown; errors?: readonly unknown[] }
  const within = depth === 0 ? [] : [...(errors ?? []), ...(cause === undefined ? [] : [cause])].slice(0, 8)
  return [
    `${typeof code === 'string' ? code : ''} ${error.message}`,
    ...within.flatMap((each) => messagesOf(each, depth - 1)),
  ]
}
