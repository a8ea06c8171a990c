import { type Kind, Registry } from '@hearsay/catalogue'
import { ATTACK, attacks } from '../updates/index.ts'
import type { ProtocolAttack } from './attack.ts'
import * as shipped from './shipped.ts'

const PROTOCOL_ATTACK: Kind<'attack'> = {
  ...ATTACK,
  functions: ['create'],
  texts: ['deed'],
  beside: [...ATTACK.beside, 'update'],
}

/** All attacks on the protocol by name; no attack on updates has one of them. */
export const protocolAttacks = new Registry<ProtocolAttack, 'attack'>(PROTOCOL_ATTACK, shipped)
protocolAttacks.shareNames(attacks)
