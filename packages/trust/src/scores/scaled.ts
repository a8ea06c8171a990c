import { inOrder, type Score, type Scores } from './score.ts'

/** score ↦ multiplier · score + translation, and how far off both may be. */
export interface Scaling {
  readonly multiplier: number
  readonly translation: number
  readonly multiplierOff: number
  readonly translationOff: number
}

/** A scaled score is off by what the score is, and by what its scaling is at the ends of that. */
export function scaled(scores: Scores, scaling: Scaling): Scores {
  return new Map(inOrder(scores).map(([item, score]): [number, Score] => [item, scaledScore(score, scaling)]))
}

function scaledScore({ score, left, right }: Score, scaling: Scaling): Score {
  const { multiplier, translation, multiplierOff, translationOff } = scaling
  // A multiplier is never below 0.
  const shrink = Math.min(multiplierOff, multiplier)
  const [low, high] = [score - left, score + right]
  return {
    score: multiplier * score + translation,
    left: multiplier * left + translationOff + (low > 0 ? low * shrink : -low * multiplierOff),
    right: multiplier * right + translationOff + (high > 0 ? high * multiplierOff : -high * shrink),
  }
}
