/** How far an address reaches, and so who may dial it when somebody else tells it. */
import { BlockList, isIP } from 'node:net'
import type { Multiaddr } from '@multiformats/multiaddr'
import { canDial } from './address.ts'

/** Of this machine alone, of networks that are not the internet, or of everybody; `nowhere` is no place to dial. */
export type Reach = 'machine' | 'private' | 'everywhere' | 'nowhere'

const machine = blockList(['127.0.0.0/8', '::1/128'])
const privately = blockList(['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7'])
// Unspecified, of one link only, of many hosts at once, or reserved.
const nowhere = blockList(['0.0.0.0/8', '169.254.0.0/16', '224.0.0.0/3', '::/128', 'fe80::/10', 'ff00::/8'])

export function reachOf(address: Multiaddr): Reach {
  const { name, value = '' } = address.getComponents()[0] ?? {}
  if (name === 'memory') return 'machine'
  if (name === 'dns' || name === 'dns4' || name === 'dns6') {
    // What is no name of a host may be anything, and would be printed.
    if (!/^[a-z0-9][a-z0-9.-]*$/i.test(value)) return 'nowhere'
    return /^localhost\.?$/i.test(value) ? 'machine' : 'everywhere'
  }
  const family = isIP(value)
  if (family === 0) return 'nowhere'
  const within = (list: BlockList): boolean => list.check(value, family === 4 ? 'ipv4' : 'ipv6')
  return within(nowhere) ? 'nowhere' : within(machine) ? 'machine' : within(privately) ? 'private' : 'everywhere'
}

/** Whether it names one place to dial, and no peer in it: names that stand for lists of addresses have no end, and port 0 is none. */
export function isComplete(address: Multiaddr): boolean {
  const [first, second, ...others] = address.getComponents()
  if (first?.name === 'memory') return second === undefined
  return second?.name === 'tcp' && second.value !== '0' && others.length === 0 && canDial(address.toString())
}

function blockList(subnets: readonly string[]): BlockList {
  const list = new BlockList()
  for (const subnet of subnets) {
    const [net = '', prefix] = subnet.split('/')
    list.addSubnet(net, Number(prefix), isIP(net) === 4 ? 'ipv4' : 'ipv6')
  }
  return list
}
