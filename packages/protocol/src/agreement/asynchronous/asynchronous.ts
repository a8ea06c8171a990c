import type { AgreementKind } from '../../shell/agreement.ts'
import { EachForItself } from './each-for-itself.ts'
import { ordered } from './ordered.ts'
import { type Asynchronous, gradientStage, mostInRound } from './settings.ts'

/** No round is waited for: what a peer learns is applied by others when they have it, if it passes. */
export function asynchronous(settings: Asynchronous): AgreementKind {
  const { remembered, bootstrap, step } = settings
  if (settings.variant === 'ordered') return ordered({ filters: settings, remembered, bootstrap, step })
  return {
    name: 'asynchronous',
    // What is held of a round is what authors may give in it, and their models.
    stages: () => mostInRound + 1,
    create: (shell, options) => new EachForItself(shell, options, settings),
    refuses: (statement, { previous }, { genesis }) => {
      const own = statement.kind === 'init' || (statement.kind === 'word' && statement.content.length === 64)
      if (!own || statement.stage !== gradientStage) return 'a word where gradients are only announced'
      return previous === genesis ? undefined : 'an envelope that builds on a checkpoint, of which there are none'
    },
  }
}
