/**
 * Whom a peer wishes to vouch for, in its folder: its operator changes that, and the peer reads it each time that it has an
 * update, so that it need not be started again. Without the file what stands stays as it is.
 */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { PeerError, replaceFile, rosterOf, trustTermsOf } from '@hearsay/ledger'
import { fullWeight, mostStanding, type Said } from '@hearsay/protocol'
import { z } from 'zod'
import type { Home } from './home.ts'

export const wishesName = 'vouches.json'

const wishesSchema = z.strictObject({
  /** By peer id, in hundredths. */
  vouches: z.record(z.string(), z.int().min(1).max(fullWeight)),
  leaves: z.boolean(),
})

export type Wishes = z.output<typeof wishesSchema>

/** What an operator changes. */
export interface Change {
  /** A peer id. */
  readonly peer?: string
  /** Hundredths; 0 takes the vouch back. */
  readonly weight?: number
  readonly leaves?: boolean
}

const mostBytes = 64 * 1024

/** Undefined without a file. Throws PeerError `bad-file`. */
export function readWishes(folder: string): Wishes | undefined {
  const path = join(folder, wishesName)
  if (!existsSync(path)) return undefined
  const bad = (what: string): PeerError =>
    new PeerError('bad-file', `${path}: ${what}; hearsay vouch writes it: remove it and vouch again`)
  if (statSync(path).size > mostBytes) throw bad(`it has more than ${mostBytes} bytes`)
  let value: unknown
  try {
    value = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw bad((error as Error).message)
  }
  const parsed = wishesSchema.safeParse(value)
  if (!parsed.success) throw bad(z.prettifyError(parsed.error).replaceAll('\n', ' '))
  return parsed.data
}

/** Changes the file, unless nothing is to change; begins with what the genesis says of this peer. Throws PeerError. */
export function changeWishes(
  { folder, genesis, identity }: Home,
  { peer, weight = fullWeight, leaves }: Change,
): Wishes {
  const bad = (what: string): PeerError => new PeerError('bad-file', `${join(folder, 'genesis.yaml')}: ${what}`)
  if (genesis.trust === undefined) throw bad('weights of this network follow no vouches: it has no `trust`')
  const ids = rosterOf(genesis)
  const before = readWishes(folder)
  const { vouches: standing } = trustTermsOf(genesis.trust, ids)
  const self = ids.indexOf(identity.id)
  const own = standing.flatMap(({ from, to, weight: stands }) => (from === self ? [[ids[to]!, stands] as const] : []))
  const vouches = new Map(before === undefined ? own : Object.entries(before.vouches))
  if (peer !== undefined) {
    if (!ids.includes(peer)) throw bad(`${peer} is none of the peers`)
    if (peer === identity.id) throw bad('a peer does not vouch for itself')
    if (weight === 0) vouches.delete(peer)
    else vouches.set(peer, weight)
  }
  if (vouches.size > mostStanding) throw bad(`a peer vouches for ${mostStanding} at most: take one back first`)
  const wishes = { vouches: Object.fromEntries([...vouches].sort()), leaves: leaves ?? before?.leaves ?? false }
  if (peer === undefined && leaves === undefined) return wishes
  replaceFile(join(folder, wishesName), new TextEncoder().encode(`${JSON.stringify(wishes, undefined, 2)}\n`))
  return wishes
}

/** What a peer says by its folder, asked in each round. What cannot be read is told, once, and changes nothing. */
export function wishesIn(
  { folder, genesis, identity }: Home,
  unread: (error: Error) => void,
): (() => readonly Said[] | undefined) | undefined {
  if (genesis.trust === undefined) return undefined
  const ids = rosterOf(genesis)
  readWishes(folder)
  let told = ''
  return () => {
    try {
      const wishes = readWishes(folder)
      if (wishes === undefined) return undefined
      if (wishes.leaves) return [{ to: ids.indexOf(identity.id), weight: 0 }]
      const said = Object.entries(wishes.vouches).map(([id, weight]) => ({ to: ids.indexOf(id), weight }))
      return said.filter(({ to }) => to >= 0)
    } catch (error) {
      const { message } = error as Error
      if (message !== told) unread(error as Error)
      told = message
      return undefined
    }
  }
}
