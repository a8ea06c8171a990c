import type { Position } from '../roster/position.ts'

/** Bit i of byte j is the peer at position 8j + i; no byte of zeros ends it. */
export function sparseBitmapOf(peers: readonly Position[]): Uint8Array<ArrayBuffer> {
  const bitmap = new Uint8Array(peers.length === 0 ? 0 : 1 + (Math.max(...peers) >> 3))
  for (const peer of peers) bitmap[peer >> 3]! |= 1 << (peer & 7)
  return bitmap
}

/** Sorted; undefined if the bitmap is not the one of some of so many peers. Longer ones are not looked into. */
export function peersIn(bitmap: Uint8Array, peers: number): number[] | undefined {
  if (bitmap.at(-1) === 0 || bitmap.length > Math.ceil(peers / 8)) return undefined
  const found = [...bitmap].flatMap((byte, at) =>
    [0, 1, 2, 3, 4, 5, 6, 7].flatMap((bit) => ((byte >> bit) & 1 ? 8 * at + bit : [])),
  )
  return (found.at(-1) ?? 0) < peers ? found : undefined
}
