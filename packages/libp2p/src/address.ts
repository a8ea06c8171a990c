import { tcp } from '@libp2p/tcp'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import { quietLogger } from './quiet-logger.ts'

/** More addresses of one peer are not told. */
export const mostAddresses = 8

/** What a host of ours is made with, to ask it what it takes. */
const transport = tcp()({ logger: quietLogger } as Parameters<ReturnType<typeof tcp>>[0])

/** Whether a peer can listen on an address. */
export function canListen(address: string): boolean {
  const parsed = parse(address)
  return parsed !== undefined && transport.listenFilter([parsed]).length > 0
}

/** Whether a peer can dial an address; names that stand for addresses are asked for them only then. */
export function canDial(address: string): boolean {
  const parsed = parse(address)
  if (parsed === undefined) return false
  return parsed.getComponents()[0]?.name === 'dnsaddr' || transport.dialFilter([parsed]).length > 0
}

function parse(address: string): Multiaddr | undefined {
  try {
    return multiaddr(address)
  } catch {
    return undefined
  }
}
