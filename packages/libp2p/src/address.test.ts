import { expect, test } from 'vitest'
import { canDial, canListen } from './address.ts'

const id = '12D3KooWEEYdCwzhcKSQWWjb7o65Ygfk89x4UGRgbSTzujcihjD6'

test.each([
  ['/ip4/0.0.0.0/tcp/4001', true, true],
  ['/ip6/::/tcp/0', true, true],
  ['/dns4/localhost/tcp/4001', true, true],
  [`/ip4/192.0.2.1/tcp/4001/p2p/${id}`, true, true],
  [`/dnsaddr/example.org/p2p/${id}`, false, true],
  ['/ip4/0.0.0.0/udp/4001/quic-v1', false, false],
  ['/ip4/0.0.0.0/tcp/4001/ws', false, false],
  ['/ip4/0.0.0.0', false, false],
  [`/ip4/192.0.2.1/tcp/4001/p2p/${id}/p2p-circuit`, false, false],
  ['/ip4/0.0.0.0/tcp/70000', false, false],
  ['4001', false, false],
  ['', false, false],
])('%s: listened on %s, dialled %s', (address, listened, dialled) => {
  expect([canListen(address), canDial(address)]).toEqual([listened, dialled])
})
