import { type Kind, Registry } from '@hearsay/catalogue'
import { attackKind, attacks } from '../updates/index.ts'
import type { ProtocolAttack } from './attack.ts'
import * as shipped from './shipped.ts'

const protocolAttackKind: Kind<'attack'> = {
  ...attackKind,
  functions: ['create'],
  texts: ['deed'],
  beside: [...attackKind.beside, 'update'],
}

/** All attacks on the protocol by name; no attack on updates has one of them. */
export const protocolAttacks = new Registry<ProtocolAttack, 'attack'>(protocolAttackKind, shipped)
protocolAttacks.shareNames(attacks)
