import type { Loss } from './loss.ts'

/** −log σ(z) where a flag is 1, −log(1 − σ(z)) where it is 0, the mean over samples and flags; written so that no exp overflows. */
export const multiLabel: Loss<'multi-label'> = {
  name: 'multi-label',
  summary: 'cross-entropy of the sigmoid of one output a flag',
  targets: 'flags',
  options: {},
  of: sigmoidCrossEntropy,
}

/** See `multiLabel`. */
export function sigmoidCrossEntropy(
  logits: Float32Array,
  flags: ArrayLike<number>,
): { loss: number; gradient: Float32Array } {
  const gradient = new Float32Array(logits.length)
  let loss = 0
  for (let index = 0; index < logits.length; index++) {
    const logit = logits[index]!
    const small = Math.exp(-Math.abs(logit))
    loss += Math.max(logit, 0) - logit * flags[index]! + Math.log1p(small)
    const probability = (logit >= 0 ? 1 : small) / (1 + small)
    gradient[index] = (probability - flags[index]!) / logits.length
  }
  return { loss: loss / logits.length, gradient }
}
