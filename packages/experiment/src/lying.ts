/** Ports of those who lie: the peer that people install knows of none of this. */
import type { Adversary, Coalition } from '@hearsay/adversary'
import type { Update } from '@hearsay/aggregation'
import type { Carrier, Clock, PeerParts, Trainer, Training } from '@hearsay/peer'

/** The parts of a peer that lies: what takes part, and what it carries, are the adversary's. */
export function lying(parts: PeerParts, adversary: Adversary, coalition: Coalition): PeerParts {
  const { self, network, vectors, carrier, clock } = parts
  const powers = {
    self,
    network,
    coalition,
    update: (digest: string): Update | undefined => vectors.update(digest),
    offer: (round: number, update: Update): string => vectors.hold(round, update),
  }
  return {
    ...parts,
    carrier: lyingCarrier(carrier, clock, adversary),
    instead: (honest) => adversary.participant?.({ ...powers, honest }) ?? honest(),
  }
}

/** What is sent in place of an update; it may take its time, until the signal of the training ends it. */
export type Alter = (update: Update, training: Training) => Update | Promise<Update>

/** Waits for a promise: each network has its own way. */
export type Settle = <T>(promise: Promise<T>, then: (value: T) => void, failed: (error: Error) => void) => void

export const settleAsTheyCome: Settle = (promise, then, failed) => void promise.then(then).catch(failed)

/** Sends in place of each update what `alter` gives. */
export function altering(trainer: Trainer, alter: Alter, settle: Settle): Trainer {
  return {
    train: (training, done, failed) => {
      const given = (update: Update): void => {
        if (!training.signal.aborted) done(update)
      }
      const told = (error: Error): void => {
        if (!training.signal.aborted) failed(error)
      }
      const trained = (update: Update): void => {
        if (training.signal.aborted) return
        const sent = alter(update, training)
        if (sent instanceof Promise) settle(sent, given, told)
        else given(sent)
      }
      trainer.train(training, trained, failed)
    },
  }
}

/** Gives payloads to whom and when the adversary likes, and goes on with whoever is proven to lie. */
export function lyingCarrier(inner: Carrier, clock: Clock, adversary: Adversary): Carrier {
  const late = new Set<() => void>()
  return {
    listen: (listener) =>
      inner.listen({
        ...listener,
        pull: (digest, from, give) => {
          if (adversary.serves?.(digest, from) === false) {
            give()
            return
          }
          listener.pull(digest, from, (payload) => {
            const delayMs = payload === undefined ? 0 : (adversary.serveDelayMs?.(digest, from) ?? 0)
            if (delayMs <= 0) {
              give(payload)
              return
            }
            const cancel = clock.after(delayMs, () => {
              late.delete(cancel)
              give(payload)
            })
            late.add(cancel)
          })
        },
      }),
    say: (to, envelope) => inner.say(to, envelope),
    neighbours: () => inner.neighbours(),
    ask: (to, request, answered) => inner.ask(to, request, answered),
    pull: (pull, ended, failed) => inner.pull(pull, ended, failed),
    ...(inner.receive && { receive: inner.receive }),
    cutOff: () => {},
    weigh: (weights) => inner.weigh(weights),
    stop: () => {
      for (const cancel of late) cancel()
      return inner.stop()
    },
  }
}
