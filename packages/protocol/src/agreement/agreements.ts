import { CodedError, type Kind, type Options, Registry } from '@hearsay/catalogue'
import type { AgreementKind } from '../shell/agreement.ts'
import type { Timing } from '../shell/agreement-options.ts'
import { genesisOptions, type NamedAgreement } from '../shell/named.ts'
import * as shipped from './shipped.ts'

const agreementKind: Kind<'agreement'> = {
  word: 'agreement',
  nouns: ['agreement', 'agreements'],
  functions: ['make', 'describe'],
  variants: ['genesis'],
  beside: ['kind'],
  fault: ({ end }) => (/^[a-z]+$/.test(String(end)) ? undefined : 'end must be a word, such as certified'),
  error: (code, message) => new CodedError(code, message),
}

/** All agreements by name. */
export const agreements = new Registry<NamedAgreement, 'agreement'>(agreementKind, shipped)

/** One of them by name, and what it is set to. */
export interface AgreementSpec {
  readonly kind: string
  /** Those that peers pace and time their rounds by, where it has them: see `Timing`. */
  readonly graceMs?: number
  readonly timeoutMs?: number
  readonly roundMs?: number
  readonly [setting: string]: unknown
}

/** The fewest updates that count in a round, of so many peers of which so many may lie. Throws CodedError `unknown-agreement`. */
export function fewestUpdates({ kind }: AgreementSpec, peers: number, liars: number): number {
  return agreements.find(kind).takesAll ? peers : Math.max(1, peers - liars)
}

/** What becomes of rounds, in one word. Throws CodedError `unknown-agreement`. */
export function endOf({ kind, ...settings }: AgreementSpec): string {
  const { end, endBy } = agreements.find(kind)
  return endBy?.(settings as Options) ?? end
}

/** Of its settings, or those of a genesis, that are not as usual, those that do nothing, in words. Throws CodedError `unknown-agreement`. */
export function idleSettings({ kind, ...settings }: AgreementSpec, inGenesis = false): string[] {
  const named = agreements.find(kind)
  const options = inGenesis ? genesisOptions(named) : named.options
  return (named.idle?.(settings as Options) ?? []).flatMap(({ setting, message }) => {
    const value = settings[setting]
    const usual = (options[setting] as { readonly default?: unknown } | undefined)?.default
    return value === undefined || value === usual
      ? []
      : `agreement.${setting}, which is ${value}, does nothing: ${message}`
  })
}

/** The times of an agreement, and how often a peer asks. */
export function timingOf({ graceMs = 0, roundMs, timeoutMs }: AgreementSpec, askMs: number): Timing {
  return { graceMs, askMs, ...(roundMs !== undefined && { roundMs }), ...(timeoutMs !== undefined && { timeoutMs }) }
}

/** Throws CodedError `unknown-agreement`. */
export function agreementOf({ kind, ...settings }: AgreementSpec): AgreementKind {
  return agreements.find(kind).make(settings as Options)
}
