import type { Storage } from '../storage.ts'

/** The storage of a peer that says nothing when `check` throws: its words are kept before anybody hears them. */
export function guarded(storage: Storage, check: () => void): Storage {
  return {
    said: (envelopes) => {
      check()
      storage.said(envelopes)
    },
    certified: (certificate) => storage.certified(certificate),
    evidence: (evidence) => storage.evidence(evidence),
    keep: (round, digest, bytes) => storage.keep(round, digest, bytes),
    archive: (round, digest, bytes) => storage.archive(round, digest, bytes),
    kept: (digest) => storage.kept(digest),
  }
}
