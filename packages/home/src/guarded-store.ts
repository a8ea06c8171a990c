import type { Store } from '@hearsay/peer'

/** The store of a peer that says nothing when `check` throws: its words are kept before anybody hears them. */
export function guarded(store: Store, check: () => void): Store {
  return {
    said: (envelopes) => {
      check()
      store.said(envelopes)
    },
    ended: (ended) => store.ended(ended),
    evidence: (evidence) => store.evidence(evidence),
  }
}
