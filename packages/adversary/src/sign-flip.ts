import type { Adversary } from './adversary.ts'

/**
 * Sends −scale × its own update: pushes the model back along the way that learning goes.
 *
 * At most f of them among n ≥ 3f+1: a trimmed mean or a median moves each coordinate only within the range of the
 * honest updates, so learning is slowed at most. A mean has no such bound: one alone, with scale n, undoes all others.
 * It keeps to the protocol, so it never delays agreement, forks the chain, or leaves evidence.
 */
export function signFlip({ scale }: { readonly scale: number }): Adversary {
  return { alter: (update) => update.map((value) => -scale * value) }
}
