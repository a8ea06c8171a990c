import type { Adversary } from './adversary.ts'

/** Sends −scale × its own update: pushes the model back along the way that learning goes. */
export function signFlip({ scale }: { readonly scale: number }): Adversary {
  return { alter: (update) => update.map((value) => -scale * value) }
}
