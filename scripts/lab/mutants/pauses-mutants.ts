/** What rounds with pauses are made of, with one thing wrong; see protocol-mutants.ts. */
import { inFunctions, type Mutant } from './mutant.ts'

export const pausesMutants: readonly Mutant[] = [
  ...inFunctions(
    ['virtual/pauses'],
    [
      [
        'gone back to by f + 1',
        'backTo',
        'quorums.certificate(quorums.weigh(those.map(({ peer }) => peer)))',
        'quorums.amplify(quorums.weigh(those.map(({ peer }) => peer)))',
      ],
      [
        'a pause beyond the budget',
        'mayPause',
        'spentBefore(round, before, budget.rounds)[peer]! < budget.pauses',
        'spentBefore(round, before, budget.rounds)[peer]! <= budget.pauses',
      ],
      [
        'learnt from by f + 1',
        'takenIn',
        'quorums.available(quorums.weigh(taken.map(({ peer }) => peer)))',
        'quorums.amplify(quorums.weigh(taken.map(({ peer }) => peer)))',
      ],
      [
        'what stood in stays',
        'recordAfter',
        "goesBack ? '' : (updates.get(peer) ?? digest)",
        'updates.get(peer) ?? digest',
      ],
    ],
  ),
]
