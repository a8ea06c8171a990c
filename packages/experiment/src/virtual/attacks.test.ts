import { createAdversary, protocolAttacks } from '@hearsay/adversary'
import { mostPhasesAhead, type Statement } from '@hearsay/protocol'
import { describe, expect, it } from 'vitest'
import { handledOf, membersOf, rounds, runAmong, type Told } from '../testing/run-among.ts'

/** How many rounds f+1 of four let be certified; of the others all. */
const stops: Readonly<Record<string, number>> = {
  silent: 0,
  crash: 1,
  equivocate: 0,
  withhold: 0,
  drip: 0,
  'flip-flop': 1,
  rushing: 0,
  'targeted-delay': 0,
  hurry: 0,
}

// Two stories in one network: who hears what first decides how far it gets. A flood that nothing ends is long.
const decided = [...protocolAttacks.keys()].filter((behaviour) => behaviour !== 'split-brain' && behaviour !== 'flood')

it.each(decided)('%s: f+1 of four stop what they can', (behaviour) => {
  const { swarm } = runAmong({ behaviour, peers: 4, tolerated: 1, liarCount: 2, seed: 3, untilMs: 30_000 })
  for (const peer of swarm.honest) expect(swarm.certified[peer]).toHaveLength(stops[behaviour] ?? rounds)
})

describe('what each achieves and what it cannot', () => {
  const four = { peers: 4, tolerated: 1, liarCount: 1, seed: 5 }

  it('crash: its update is in the rounds before, and in none after', () => {
    const told = runAmong({ ...four, behaviour: 'crash', options: { round: 3 } })
    const members = membersOf(told)
    expect(members.slice(0, 2)).toEqual([
      [0, 1, 2, 3],
      [0, 1, 2, 3],
    ])
    // Its last words may have been an update that nobody got, or one that half of them got in time.
    const last = told.sent[1]!.filter(({ round }) => round >= 3)
    expect(last).toHaveLength(1)
  })

  it('withhold: what nobody gets is left out; what one honest peer gets, and f+1 echo, all get from it', () => {
    expect(membersOf(runAmong({ ...four, behaviour: 'withhold' }))).toEqual(Array(rounds).fill([0, 2, 3]))
    const served = runAmong({ ...four, behaviour: 'withhold', options: { servesTo: 2 } })
    expect(membersOf(served)).toEqual(Array(rounds).fill([0, 1, 2, 3]))
  })

  it('selective: what one honest peer hears, all hear', () => {
    const told = runAmong({ ...four, behaviour: 'selective' })
    expect(membersOf(told)).toEqual(Array(rounds).fill([0, 1, 2, 3]))
    for (const peer of told.swarm.honest) expect(handledOf(told, peer, 1)).toBeGreaterThan(rounds)
  })

  it('replay: no honest peer handles an envelope twice, whatever is said again', () => {
    const { swarm, sent, events } = runAmong({ ...four, behaviour: 'replay', options: { perStep: 20 } })
    const said = new Set(sent[1]!.map(({ id }) => id))
    expect(sent[1]!.length).toBeGreaterThan(5 * said.size)
    for (const peer of swarm.honest) {
      const ids = events[peer]!.flatMap((event) => (event.kind === 'envelope' ? [event.envelope.id] : []))
      expect(new Set(ids).size).toBe(ids.length)
    }
  })

  it('stale: sends what it made so many rounds before, and its first until there is one', async () => {
    const { alter, participant } = createAdversary({ behaviour: 'stale', rounds: 2 }, 1)
    expect(participant).toBeUndefined()
    const made = [1, 2, 3, 4, 5].map((value) => new Float32Array([value]))
    const sent = []
    for (const update of made) sent.push((await alter!(update, undefined as never)) as Float32Array)
    expect(sent.map(([value]) => value)).toEqual([1, 1, 1, 2, 3])
  })

  it('late: within the grace time it counts, beyond it is left out and costs the grace time, not its delay', () => {
    const late = (delayMs: number, liarCount = 1): Told =>
      runAmong({ ...four, liarCount, behaviour: 'late', options: { delayMs }, untilMs: 600_000 })
    const [little, much, needed] = [late(50), late(20_000), late(20_000, 2)]
    expect(membersOf(little)).toEqual(Array(rounds).fill([0, 1, 2, 3]))
    expect(membersOf(much)).toEqual(Array(rounds).fill([0, 2, 3]))
    expect(much.swarm.network.nowMs()).toBeLessThan(rounds * 2000)
    // n−f need one of two: rounds are as slow as these like.
    expect(needed.swarm.allCertified(rounds)).toBe(true)
    expect(needed.swarm.network.nowMs()).toBeGreaterThan(rounds * 20_000)
  })

  it('flood: each slot once is all that it can make others handle', () => {
    const perRound = 2 + 2 * 4 + 4 * 4 * mostPhasesAhead
    const flooded = runAmong({ ...four, behaviour: 'flood', options: { perSecond: 100_000 } })
    const { honest } = flooded.swarm
    for (const peer of honest) {
      const handled = handledOf(flooded, peer, 1)
      expect(handled).toBeGreaterThan(perRound)
      expect(handled).toBeLessThanOrEqual(rounds * perRound)
    }
    // And what they say themselves does not grow with it.
    const quiet = runAmong({ ...four, behaviour: 'silent' })
    for (const peer of honest) expect(flooded.sent[peer]!.length).toBeLessThan(3 * quiet.sent[peer]!.length)
  })

  it.each(['oversize', 'malformed', 'impersonate'])(
    '%s: what is no envelope goes no further than its neighbour',
    (behaviour) => {
      const told = runAmong({ ...four, behaviour })
      const { swarm } = told
      // Every fault is of the one who sent it, none of who passed something on; its honest words still count.
      for (const { peer, what } of swarm.faults) {
        expect(peer).toBe(1)
        expect(what).toMatch(/envelope|signature|answer|certificate|echo|ready|estimate|auxiliary|checkpoint/)
      }
      expect(swarm.faults.length).toBeGreaterThan(rounds)
      expect(membersOf(told)).toEqual(Array(rounds).fill([0, 1, 2, 3]))
    },
  )

  it('lazy: takes part with the update of another', () => {
    const told = runAmong({ ...four, behaviour: 'lazy' })
    for (const { checkpoint } of told.swarm.certified[0]!) {
      const own = checkpoint.members.find(({ peer }) => peer === 1)
      if (own === undefined) continue
      expect(checkpoint.members.filter(({ digest }) => digest === own.digest).length).toBe(2)
    }
    expect(membersOf(told).flat()).toContain(1)
  })

  it('flip-flop: is named in its first lying round, and heard in none after it', () => {
    const { swarm } = runAmong({ ...four, behaviour: 'flip-flop', rounds: 6, options: { rounds: 2 } })
    expect([...new Set(swarm.evidence.map(({ round }) => round))]).toEqual([3])
  })

  it('rushing: speaks after all honest peers, and turns no decision of theirs', () => {
    const told = runAmong({ ...four, behaviour: 'rushing' })
    for (const members of membersOf(told)) for (const peer of told.swarm.honest) expect(members).toContain(peer)
    // At the time of its vote it had heard all of theirs, or had waited.
    const votes = told.sent[1]!.flatMap(({ round, statements }) =>
      statements.flatMap((statement) => (statement.kind === 'auxiliary' ? [{ round, ...statement }] : [])),
    )
    expect(votes.length).toBeGreaterThan(0)
    for (const { values } of votes) expect([1, 2]).toContain(values)
  })

  it('targeted-delay: divides honest peers for some phases, and no longer than timers need to outlast it', () => {
    const links = { latency: { uniform: [0, 40] } } as const
    const seven = { peers: 7, tolerated: 2, liarCount: 2, seed: 1, links, training: links.latency } as const
    const plain = runAmong({ ...seven, behaviour: 'rushing' })
    const delayed = runAmong({ ...seven, behaviour: 'targeted-delay', options: { delayMs: 500 } })
    const phase = ({ swarm, sent }: Told): number =>
      Math.max(
        ...swarm.honest.flatMap((peer) =>
          sent[peer]!.flatMap(({ statements }) => statements.flatMap((each) => ('phase' in each ? each.phase : []))),
        ),
      )
    expect(delayed.swarm.allCertified(rounds)).toBe(true)
    expect(delayed.swarm.network.nowMs()).toBeGreaterThan(2 * plain.swarm.network.nowMs())
    expect(phase(delayed)).toBeGreaterThan(phase(plain))
    // 500 ms of delay, timers that grow by 100 ms a phase: five phases until they outlast it, and one for each liar.
    expect(phase(delayed)).toBeLessThanOrEqual(5 + 2 + 2)
  })

  it('hurry: honest inputs differ on its update, it says that it is ahead, and timers end it', () => {
    const links = { latency: { uniform: [0, 4] } } as const
    const { swarm, sent } = runAmong({
      ...four,
      behaviour: 'hurry',
      options: { delayMs: 60, scheme: 3 },
      links,
      training: links.latency,
      oneByOne: true,
    })
    expect(swarm.allCertified(rounds)).toBe(true)
    const votes = (peer: number): Extract<Statement, { phase: number }>[] =>
      sent[peer]!.flatMap(({ round, statements }) =>
        round > 1 ? [] : statements.flatMap((each) => ('phase' in each && each.instance === 1 ? [each] : [])),
      )
    const inputs = swarm.honest.map((peer) => votes(peer)[0])
    for (const value of [0, 1]) expect(inputs).toContainEqual({ kind: 'estimate', instance: 1, phase: 1, value })
    const last = (peer: number): number => Math.max(...votes(peer).map(({ phase }) => phase))
    expect(last(1)).toBeGreaterThanOrEqual(Math.max(...swarm.honest.map(last)))
  })
})
