import type { Network } from '../../words/network.ts'

/** What travels in a small network in which one peer lies, by kind. */
export interface Corpus {
  readonly network: Network
  /** With the keys of each peer, by position. */
  readonly networks: readonly Network[]
  readonly messages: Readonly<Record<Kind, readonly Uint8Array[]>>
}

export const kinds = ['envelope', 'certificate', 'checkpoint', 'evidence', 'ask', 'answer'] as const
export type Kind = (typeof kinds)[number]
