import type { AgreementKind } from './agreement.ts'
import { averaging } from './averaging/averaging.ts'
import type { Averaging } from './averaging/settings.ts'
import { exact } from './exact/exact.ts'

/** An agreement by its name, and what it is set to. */
export type AgreementSpec = { readonly kind: 'exact' } | ({ readonly kind: 'averaging' } & Averaging) | Registered
interface Registered {
  /** A name that `registerAgreement` was given. */
  readonly kind: string & NonNullable<unknown>
}

const makers = new Map<string, (settings: never) => AgreementKind>([
  ['exact', () => exact],
  ['averaging', averaging],
])

/** Adds an agreement of one's own. Throws RangeError when there is one of this name. */
export function registerAgreement<S>(name: string, make: (settings: S) => AgreementKind): void {
  if (makers.has(name)) throw new RangeError(`there is an agreement "${name}"`)
  makers.set(name, make)
}

/** Throws RangeError when there is no agreement of this name. */
export function agreementOf(spec: AgreementSpec): AgreementKind {
  const make = makers.get(spec.kind)
  if (make === undefined)
    throw new RangeError(`there is no agreement "${spec.kind}", only ${[...makers.keys()].join()}`)
  return make(spec as never)
}
