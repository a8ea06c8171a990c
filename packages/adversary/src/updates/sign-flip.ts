import type { Attack } from './attack.ts'
import { meanOf, scaled } from './vectors.ts'

/**
 * Sign flip: −c · x, where x is the liar's own update, or the mean μ of the honest ones (Li, Xu, Chen, Giannakis, Ling:
 * RSA, AAAI 2019; as −μ in Allen-Zhu et al.: Byzantine-Resilient Non-Convex SGD, ICLR 2021).
 *
 * Options: `of`, `own` or `mean`; `scale`, c.
 *
 * What it can do: it pushes the model back along the way that learning goes. Where a rule keeps each coordinate within the
 * range of honest updates, learning is slowed at most; a mean has no such bound: one alone, with scale n, undoes all
 * others. It is easily seen, since it points the other way.
 *
 * Requires nothing of n and f. Cost O(d), or O(nd) of the mean.
 *
 * Example, own (1, −2), scale 4: (−4, 8).
 */
export const signFlip: Attack<'sign-flip'> = {
  name: 'sign-flip',
  summary: 'send the negated update',
  deed: 'sent their updates negated',
  options: {
    of: {
      kind: 'choice',
      summary: 'whose update: its own, or the honest mean',
      values: ['own', 'mean'],
      default: 'own',
    },
    scale: { kind: 'number', summary: 'the negated update is multiplied by this', above: 0, most: 1e6, default: 1 },
  },
  paper: 'Li, Xu, Chen, Giannakis, Ling: RSA, AAAI 2019',
  colludes: ({ of }) => of === 'mean',
  create:
    ({ of, scale }) =>
    ({ own, honest }) =>
      scaled(of === 'mean' ? meanOf(honest) : own, -(scale as number)),
}
