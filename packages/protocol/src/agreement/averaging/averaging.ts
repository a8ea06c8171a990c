import type { AgreementKind } from '../../shell/agreement.ts'
import { AveragingAgreement } from './averaging-agreement.ts'
import { type Averaging, lastStage } from './settings.ts'

/** Every peer ends a round with a model of its own, close to those of the others. Every statement names its stage. */
export function averaging(settings: Averaging): AgreementKind {
  const broadcasts = settings.method === 'rb-tm'
  return {
    name: 'averaging',
    stages: (round) => lastStage(round, settings) + 1,
    create: (shell, options) => new AveragingAgreement(shell, options, settings),
    refuses: (statement, { round, previous }, { genesis, quorums }) => {
      const stage = 'stage' in statement ? statement.stage : undefined
      if (stage === undefined || statement.kind === 'word') return 'a word of another agreement'
      if (previous !== genesis) return 'an envelope that builds on a checkpoint, of which there are none'
      if (stage > lastStage(round, settings)) return `a stage that its round has not: ${statement.kind}`
      if (statement.kind !== 'init' && !broadcasts) return `a word where vectors are sent plainly: ${statement.kind}`
      const enough = statement.kind !== 'witness' || quorums.available(quorums.weigh(statement.members))
      return enough ? undefined : 'a witness of less than n−f'
    },
  }
}
