/**
 * The least time from one step of a peer to the next, in milliseconds. What it says in a step goes into one envelope, which
 * costs every other a signature to check, some 0.1 ms: if each of n peers spoke more often than once in n times that, nobody
 * would keep up. Whoever has not spoken for so long speaks at once, so nothing waits where messages come in waves; what
 * comes one by one in a large network is said together. Of fewer than twenty nobody waits: timers are no finer.
 */
export function leastStepMs(peers: number): number {
  return peers < 20 ? 0 : Math.floor(peers / 10)
}
