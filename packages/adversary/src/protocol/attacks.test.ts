import { maxPhasesAhead, type Statement, verifyEvidence } from '@hearsay/protocol'
import type { Swarm } from '@hearsay/protocol/testing'
import { describe, expect, it } from 'vitest'
import { eventsOf, handledOf, membersOf, rounds, runAmong } from '../testing/run-among.ts'
import { AttackError } from '../updates/index.ts'
import { protocolAttacks } from './attacks.ts'
import { createAdversary } from './behaviours.ts'

/** Evidence convinces a third party, and names liars only; faults too are theirs alone. */
function expectNobodyWronged(swarm: Swarm): void {
  const { network } = swarm.optionsOf(swarm.honest[0]!)
  for (const evidence of swarm.evidence) expect(verifyEvidence(evidence.bytes, network)).toEqual(evidence)
  for (const culprit of swarm.culprits()) expect(swarm.honest).not.toContain(culprit)
  for (const { peer } of swarm.faults) expect(swarm.honest).not.toContain(Number(peer))
  expect(swarm.forks()).toBe(0)
  expect(swarm.halted.size).toBe(0)
}

/** Whom honest peers see misbehave, without a proof for others. */
const faulty = (swarm: Swarm): number[] => [...new Set(swarm.faults.map(({ peer }) => Number(peer)))].sort()

const named: Readonly<Record<string, 'by evidence' | 'by faults'>> = {
  equivocate: 'by evidence',
  'flip-flop': 'by evidence',
  oversize: 'by faults',
  malformed: 'by faults',
  impersonate: 'by faults',
}

describe.each([...protocolAttacks.keys()])('%s', (behaviour) => {
  it.each([
    { peers: 4, tolerated: 1, seeds: [1, 2, 3] },
    { peers: 7, tolerated: 2, seeds: behaviour === 'flood' ? [] : [4] },
  ])('at most f of n = $peers stop nothing, fork nothing and wrong nobody', ({ peers, tolerated, seeds }) => {
    for (const seed of seeds) {
      const swarm = runAmong({ behaviour, peers, tolerated, liarCount: tolerated, seed })
      expect(swarm.allCertified(rounds), `seed ${seed}`).toBe(true)
      expectNobodyWronged(swarm)
      for (const members of membersOf(swarm)) expect(members.length).toBeGreaterThanOrEqual(peers - tolerated)
      const liars = [...Array(peers).keys()].filter((peer) => !swarm.honest.includes(peer))
      expect(swarm.culprits()).toEqual(named[behaviour] === 'by evidence' ? liars : [])
      expect(faulty(swarm)).toEqual(named[behaviour] === 'by faults' ? liars : [])
    }
  })

  const stops: Readonly<Record<string, number>> = {
    silent: 0,
    crash: 1,
    equivocate: 0,
    withhold: 0,
    drip: 0,
    flood: 0,
    'flip-flop': 1,
    rushing: 0,
    'targeted-delay': 0,
    hurry: 0,
  }
  // Two stories in one network: who hears what first decides how far it gets.
  const certified = behaviour === 'split-brain' ? 'some' : (stops[behaviour] ?? rounds)
  it(`f+1 of four let ${certified} of ${rounds} rounds be certified, and fork nothing while all hear all`, () => {
    const untilMs = behaviour === 'flood' ? 3000 : 30_000
    for (const seed of certified === 'some' ? [1, 2, 3, 4, 5] : [3]) {
      const swarm = runAmong({ behaviour, peers: 4, tolerated: 1, liarCount: 2, seed, untilMs })
      if (certified !== 'some') for (const peer of swarm.honest) expect(swarm.certified[peer]).toHaveLength(certified)
      expectNobodyWronged(swarm)
    }
  })
})

describe('what each achieves and what it cannot', () => {
  const four = { peers: 4, tolerated: 1, liarCount: 1, seed: 5 }

  it('crash: its update is in the rounds before, and in none after', () => {
    const swarm = runAmong({ ...four, behaviour: 'crash', options: { round: 3 } })
    const members = membersOf(swarm)
    expect(members.slice(0, 2)).toEqual([
      [0, 1, 2, 3],
      [0, 1, 2, 3],
    ])
    // Its last words may have been an update that nobody got, or one that half of them got in time.
    const last = swarm.sent[1]!.filter(({ round }) => round >= 3)
    expect(last).toHaveLength(1)
  })

  it('withhold: what nobody gets is left out; what one honest peer gets, and f+1 echo, all get from it', () => {
    expect(membersOf(runAmong({ ...four, behaviour: 'withhold' }))).toEqual(Array(rounds).fill([0, 2, 3]))
    const served = runAmong({ ...four, behaviour: 'withhold', options: { servesTo: 2 } })
    expect(membersOf(served)).toEqual(Array(rounds).fill([0, 1, 2, 3]))
  })

  it('selective: what one honest peer hears, all hear', () => {
    const swarm = runAmong({ ...four, behaviour: 'selective' })
    expect(membersOf(swarm)).toEqual(Array(rounds).fill([0, 1, 2, 3]))
    for (const peer of swarm.honest) expect(handledOf(swarm, peer, 1)).toBeGreaterThan(rounds)
  })

  it('replay: no honest peer handles an envelope twice, whatever is said again', () => {
    const swarm = runAmong({ ...four, behaviour: 'replay', options: { perStep: 20 } })
    const said = new Set(swarm.sent[1]!.map(({ id }) => id))
    expect(swarm.sent[1]!.length).toBeGreaterThan(5 * said.size)
    for (const peer of swarm.honest) {
      const ids = eventsOf(swarm, peer).flatMap((event) => (event.kind === 'envelope' ? [event.envelope.id] : []))
      expect(new Set(ids).size).toBe(ids.length)
    }
  })

  it('stale: sends what it made so many rounds before, and its first until there is one', async () => {
    const { alter, participant } = createAdversary({ behaviour: 'stale', rounds: 2 }, 1)
    expect(participant).toBeUndefined()
    const made = [1, 2, 3, 4, 5].map((value) => new Float32Array([value]))
    const sent = []
    for (const update of made) sent.push(await alter!(update, undefined as never))
    expect(sent.map(([value]) => value)).toEqual([1, 1, 1, 2, 3])
  })

  it('late: within the grace time it counts, beyond it is left out and costs the grace time, not its delay', () => {
    const late = (delayMs: number, liarCount = 1): Swarm =>
      runAmong({ ...four, liarCount, behaviour: 'late', options: { delayMs }, untilMs: 600_000 })
    const [little, much, needed] = [late(50), late(20_000), late(20_000, 2)]
    expect(membersOf(little)).toEqual(Array(rounds).fill([0, 1, 2, 3]))
    expect(membersOf(much)).toEqual(Array(rounds).fill([0, 2, 3]))
    expect(much.nowMs).toBeLessThan(rounds * 2000)
    // n−f need one of two: rounds are as slow as these like.
    expect(needed.allCertified(rounds)).toBe(true)
    expect(needed.nowMs).toBeGreaterThan(rounds * 20_000)
  })

  it('flood: each slot once is all that it can make others handle', () => {
    const perRound = 2 + 2 * 4 + 4 * 4 * maxPhasesAhead
    const swarm = runAmong({ ...four, behaviour: 'flood', options: { perSecond: 100_000 } })
    for (const peer of swarm.honest) {
      const handled = handledOf(swarm, peer, 1)
      expect(handled).toBeGreaterThan(perRound)
      expect(handled).toBeLessThanOrEqual(rounds * perRound)
    }
    // And what they say themselves does not grow with it.
    const quiet = runAmong({ ...four, behaviour: 'silent' })
    for (const peer of swarm.honest) expect(swarm.sent[peer]!.length).toBeLessThan(3 * quiet.sent[peer]!.length)
  })

  it.each(['oversize', 'malformed', 'impersonate'])(
    '%s: what is no envelope goes no further than its neighbour',
    (behaviour) => {
      const swarm = runAmong({ ...four, behaviour, relay: true })
      const sentOnes = new Set(swarm.sent[1]!.map(({ id }) => id))
      // Every fault is of the one who sent it, none of who passed something on; its honest words still count.
      for (const { peer, what } of swarm.faults) {
        expect(Number(peer)).toBe(1)
        expect(what).toMatch(/envelope|signature|answer|certificate|echo|ready|estimate|auxiliary|checkpoint/)
      }
      expect(swarm.faults.length).toBeGreaterThan(sentOnes.size / 4)
      expect(membersOf(swarm)).toEqual(Array(rounds).fill([0, 1, 2, 3]))
    },
  )

  it('lazy: takes part with the update of another', () => {
    const swarm = runAmong({ ...four, behaviour: 'lazy' })
    for (const { checkpoint } of swarm.certified[0]!) {
      const own = checkpoint.members.find(({ peer }) => peer === 1)
      if (own === undefined) continue
      expect(checkpoint.members.filter(({ digest }) => digest === own.digest).length).toBe(2)
    }
    expect(membersOf(swarm).flat()).toContain(1)
  })

  it('flip-flop: is named in its lying rounds only', () => {
    const swarm = runAmong({ ...four, behaviour: 'flip-flop', rounds: 6, options: { rounds: 2 } })
    const lying = new Set(swarm.evidence.map(({ round }) => round))
    expect([...lying].sort()).toEqual([3, 4])
  })

  it('rushing: speaks after all honest peers, and turns no decision of theirs', () => {
    const swarm = runAmong({ ...four, behaviour: 'rushing' })
    for (const members of membersOf(swarm)) for (const peer of swarm.honest) expect(members).toContain(peer)
    // At the time of its vote it had heard all of theirs, or had waited.
    const votes = swarm.sent[1]!.flatMap(({ round, statements }) =>
      statements.flatMap((statement) => (statement.kind === 'auxiliary' ? [{ round, ...statement }] : [])),
    )
    expect(votes.length).toBeGreaterThan(0)
    for (const { values } of votes) expect([1, 2]).toContain(values)
  })

  it('targeted-delay: divides honest peers for some phases, and no longer than timers need to outlast it', () => {
    const seven = { peers: 7, tolerated: 2, liarCount: 2, seed: 3 }
    const plain = runAmong({ ...seven, behaviour: 'rushing' })
    const delayed = runAmong({ ...seven, behaviour: 'targeted-delay', options: { delayMs: 500 } })
    const phase = (swarm: Swarm): number =>
      Math.max(
        ...swarm.honest.flatMap((peer) =>
          swarm.sent[peer]!.flatMap(({ statements }) =>
            statements.flatMap((each) => ('phase' in each ? each.phase : [])),
          ),
        ),
      )
    expect(delayed.allCertified(rounds)).toBe(true)
    expect(delayed.nowMs).toBeGreaterThan(2 * plain.nowMs)
    expect(phase(delayed)).toBeGreaterThan(phase(plain))
    // 500 ms of delay, timers that grow by 100 ms a phase: five phases until they outlast it, and one for each liar.
    expect(phase(delayed)).toBeLessThanOrEqual(5 + 2 + 2)
  })

  it('hurry: honest inputs differ on its update, it says that it is ahead, and timers end it', () => {
    const swarm = runAmong({ ...four, behaviour: 'hurry', options: { delayMs: 60, scheme: 3 }, delayMs: 4, batchMs: 0 })
    expect(swarm.allCertified(rounds)).toBe(true)
    const votes = (peer: number): Extract<Statement, { phase: number }>[] =>
      swarm.sent[peer]!.flatMap(({ round, statements }) =>
        round > 1 ? [] : statements.flatMap((each) => ('phase' in each && each.instance === 1 ? [each] : [])),
      )
    const inputs = swarm.honest.map((peer) => votes(peer)[0])
    for (const value of [0, 1]) expect(inputs).toContainEqual({ kind: 'estimate', instance: 1, phase: 1, value })
    const last = (peer: number): number => Math.max(...votes(peer).map(({ phase }) => phase))
    expect(last(1)).toBeGreaterThanOrEqual(Math.max(...swarm.honest.map(last)))
  })
})

describe('as data', () => {
  it('options have defaults, and what is wrong is said with the remedy', () => {
    const wrong = (behaviour: object): AttackError => {
      try {
        createAdversary(behaviour as never, 1)
      } catch (error) {
        if (error instanceof AttackError) return error
      }
      throw new Error('nothing was wrong')
    }
    expect(wrong({ behaviour: 'latte' }).code).toBe('unknown-attack')
    expect(wrong({ behaviour: 'latte' }).message).toMatch(/did you mean "late"/)
    expect(wrong({ behaviour: 'late', delaysMs: 3 }).message).toMatch(/no option "delaysMs".*did you mean "delayMs"/)
    expect(wrong({ behaviour: 'late', delayMs: 0 })).toMatchObject({ code: 'bad-option' })
    expect(wrong({ behaviour: 'silent', update: 'sign-flip' })).toMatchObject({ code: 'unknown-option' })
  })

  it('an attack on updates is added to what sends updates, in flip-flop in its lying rounds', async () => {
    const own = new Float32Array([1, -2])
    const altered = async (behaviour: object, round: number): Promise<number[]> => {
      const view = { round, n: 4, rule: { rule: 'mean', tolerated: 1 }, coalition: { liars: [1] } }
      const { alter } = createAdversary(behaviour as never, 1)
      return [...(await alter!(own, view as never))]
    }
    expect(await altered({ behaviour: 'late', update: 'sign-flip' }, 1)).toEqual([-1, 2])
    expect(createAdversary({ behaviour: 'late' }, 1).alter).toBeUndefined()
    const byTurns = { behaviour: 'flip-flop', lie: 'none', update: 'zero' }
    expect(await altered(byTurns, 1)).toEqual([1, -2])
    expect(await altered(byTurns, 2)).toEqual([0, 0])
  })
})
