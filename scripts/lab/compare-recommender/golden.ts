// Figures to compare with: MovieLens small with 671 users, computed apart from one seed. Their rate of learning of likes is not known,
// nor how much factors were held to zero, nor which films the ratings were about.

/** A cell of the table of likes: so many accounts with so many likes of the target each. */
export interface LikesCell {
  readonly accounts: number
  readonly activity: number
  readonly defence: Defence
  readonly hitRate10: number
  readonly exposure: number
}

export const defences = { none: {}, 'clip 0.5': { clip: 0.5 }, 'cap 30': { cap: 30 } } as const
export type Defence = keyof typeof defences

const of = (accounts: number, activity: number, ...columns: (readonly [number, number])[]): LikesCell[] =>
  columns.map(([hitRate10, exposure], at) => ({
    ...{ accounts, activity, hitRate10, exposure },
    defence: (Object.keys(defences) as Defence[])[at]!,
  }))

export const likes = {
  within: { hitRate10: 0.02, exposure: 0.05 },
  cells: [
    ...of(0, 0, [0.608, 0]),
    ...of(7, 1, [0.604, 0], [0.587, 0], [0.58, 0]),
    ...of(7, 100, [0.592, 0.746], [0.596, 0.002], [0.575, 0.757]),
    ...of(2, 1000, [0.595, 0.937], [0.592, 0], [0.569, 0]),
    ...of(7, 1000, [0.234, 0.506], [0.587, 0], [0.575, 0.002]),
    ...of(34, 1, [0.589, 0], [0.586, 0], [0.56, 0.002]),
    ...of(34, 100, [0.566, 0.999], [0.574, 0.997], [0.563, 0.999]),
  ],
} as const

/** By how much a rating is foretold higher after an attack. */
export interface ShiftCell {
  readonly kind: 'random-profiles' | 'average-profiles' | 'bandwagon'
  readonly accounts: number
  readonly fill: number
  readonly cap?: number
  readonly shift: number
}

const counts = [7, 20, 34, 67]
const shiftsOf = (kind: ShiftCell['kind'], ...shifts: number[]): ShiftCell[] =>
  shifts.map((shift, at) => ({ kind, accounts: counts[at]!, fill: 100, shift }))

export const shifts = {
  errors: { rmse: 0.883, mae: 0.675 },
  within: { errors: 0.01, shiftShare: 0.15 },
  /** Five with 19 to 24 ratings of mean 2.56 to 3.05; which ones, the figures do not say. */
  targets: ['59615', '2428', '2840', '2702', '2072'],
  cells: [
    ...shiftsOf('random-profiles', 0.35, 0.61, 0.78, 0.94),
    ...shiftsOf('average-profiles', 0.47, 0.79, 1.08, 1.36),
    ...shiftsOf('bandwagon', 0.29, 0.43, 0.61, 0.67),
    { kind: 'average-profiles', accounts: 34, fill: 1000, shift: 1.35 },
    { kind: 'average-profiles', accounts: 34, fill: 1000, cap: 20, shift: 0.22 },
    { kind: 'average-profiles', accounts: 34, fill: 100, cap: 20, shift: 1.15 },
  ] as readonly ShiftCell[],
} as const
