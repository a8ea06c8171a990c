import { closeSync, existsSync, fstatSync, lstatSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { findLedgers, framesIn, networkOf, PeerError, placeNames } from '@hearsay/ledger'
import {
  changesAtFirst,
  type Digest,
  decodeCertificate,
  decodeLink,
  digestOf,
  type Ended,
  endedBy,
  eraDelay,
  type Network,
  quorumsAfter,
} from '@hearsay/protocol'
import { averagedName, readAveraged } from './damage.ts'

/** Node reads no larger file at once. */
const mostBytes = 2 ** 31 - 4

/** What a peer has learnt, and until when. */
export interface Learnt extends Pick<Ended, 'round' | 'model'> {
  /** The name of the network. */
  readonly network: Digest
  /** Parameters of length d. */
  readonly vector: Float32Array
}

/**
 * The newest model of the peer of a folder, which may be running: nothing is locked or written. It trusts its own ledger, as the peer
 * does; the model is checked by its digest. Throws PeerError `bad-file` when it has ended no round, or no longer has its model.
 */
export function newestModel(folder: string): Learnt {
  const state = join(folder, 'state')
  const none = (): never => {
    throw new PeerError('bad-file', `${folder}: this peer has ended no round yet, so there is no model; start it first`)
  }
  if (!existsSync(state)) none()
  const [place] = findLedgers(state)
  const { network } = networkOf(place!)
  const ended = readAveraged(join(state, averagedName)) ?? newestCertified(join(state, placeNames.ledger), network)
  const { round, model } = ended ?? none()
  const path = join(state, placeNames.payloads, model)
  const missing = (): never => {
    throw new PeerError(
      'bad-file',
      `${path}: the model of round ${round} is not there; take another peer of the network`,
    )
  }
  const size = lstatSync(path, { throwIfNoEntry: false })?.size ?? missing()
  if (size === 0 || size % 4 !== 0 || size > mostBytes) missing()
  const bytes = new Uint8Array(readFileSync(path))
  if (digestOf(bytes) !== model)
    throw new PeerError('bad-file', `${path}: it was changed: its digest is another; take another peer of the network`)
  return { round, model, network: network.genesis, vector: new Float32Array(bytes.buffer) }
}

/**
 * Whether the model of a round that has ended is kept in the folder of a peer. Throws PeerError `bad-file` when the round has not
 * ended there.
 */
export function keepsModelOf(folder: string, round: number): boolean {
  const state = join(folder, 'state')
  const place = existsSync(state) ? findLedgers(state)[0] : undefined
  const ended = place && newestCertified(join(state, placeNames.ledger), networkOf(place).network, round)
  if (ended?.round !== round)
    throw new PeerError('bad-file', `${folder}: by its ledger no round ${round} has ended; name one that has`)
  return existsSync(join(state, placeNames.payloads, ended.model))
}

/** What the last whole certificate of a ledger ended, or that of a round. */
function newestCertified(path: string, network: Network, round = Number.POSITIVE_INFINITY): Ended | undefined {
  if (!existsSync(path)) return undefined
  const file = openSync(path, 'r')
  const newest: Uint8Array[] = []
  let left = round
  try {
    for (const { bytes } of framesIn(file, fstatSync(file).size, network.limits.certificateBytes)) {
      newest.push(bytes)
      if (newest.length > 1 + eraDelay) newest.shift()
      if (--left === 0) break
    }
  } finally {
    closeSync(file)
  }
  const last = newest.at(-1)
  const before = newest.at(-1 - eraDelay)
  const link = before === undefined ? undefined : decodeLink(before, network)
  const quorums = quorumsAfter(typeof link === 'object' ? link : changesAtFirst(network), network)
  const certificate = last === undefined ? undefined : decodeCertificate(last, network, quorums)
  return certificate === undefined || typeof certificate === 'string' ? undefined : endedBy(certificate)
}
