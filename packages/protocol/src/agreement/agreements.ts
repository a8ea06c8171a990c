import { CodedError, type Kind, type Options, Registry } from '@hearsay/catalogue'
import type { AgreementKind } from './agreement.ts'
import type { NamedAgreement } from './named.ts'
import * as shipped from './shipped.ts'

const AGREEMENT: Kind<'agreement'> = {
  word: 'agreement',
  nouns: ['agreement', 'agreements'],
  functions: ['make', 'describe'],
  beside: ['kind'],
  fault: ({ end }) => (/^[a-z]+$/.test(String(end)) ? undefined : 'end must be a word, such as certified'),
  error: (code, message) => new CodedError(code, message),
}

/** All agreements by name. */
export const agreements = new Registry<NamedAgreement, 'agreement'>(AGREEMENT, shipped)

/** One of them by name, and what it is set to. */
export interface AgreementSpec {
  readonly kind: string
  readonly [setting: string]: unknown
}

/** Throws CodedError `unknown-agreement`. */
export function agreementOf({ kind, ...settings }: AgreementSpec): AgreementKind {
  return agreements.find(kind).make(settings as Options)
}
