import { describe, expect, it } from 'vitest'
import { type Ask, announcedSources, Search } from './search.ts'
import { Speeds } from './speeds.ts'

/** What a source does with a request: an answer after so many ms, or what else becomes of it. */
type Service = (
  ask: Ask,
  nowMs: number,
) => { readonly afterMs: number; readonly what: 'chunk' | 'nothing' | 'wrong' | 'gone' }

const after = (afterMs: number) => (): ReturnType<Service> => ({ afterMs, what: 'chunk' })
const never = after(Number.POSITIVE_INFINITY)

/** One fetcher in a world of sources, on a clock of its own. */
class World {
  nowMs = 0
  readonly speeds = new Speeds(10_000)
  readonly services: Record<string, Service> = {}
  /** Chunks that were asked, in order. */
  asked: Ask[] = []
  /** Chunks that came. */
  came = 0
  blamed: (string | undefined)[] = []

  /** How long a payload takes; `from` says who holds it, `lies` who gives bytes that are not of it. */
  fetch(chunks: number, from: (sinceMs: number) => readonly string[], lies: readonly string[] = []): number {
    const search = new Search(this.speeds, chunks)
    const beganMs = this.nowMs
    const flying = new Map<Ask, number>()
    let givers: string[] = []
    let attempt = search.attempt
    this.asked = []
    this.came = 0
    while (this.nowMs - beganMs < 1_000_000) {
      const { asks, drops, atMs } = search.plan(from(this.nowMs - beganMs), this.nowMs)
      if (search.attempt !== attempt) givers = []
      attempt = search.attempt
      for (const drop of drops) flying.delete(drop)
      for (const ask of asks) {
        this.asked.push(ask)
        flying.set(ask, this.nowMs + this.services[ask.source]!(ask, this.nowMs).afterMs)
      }
      const [next, dueMs] = [...flying].reduce<readonly [Ask | undefined, number]>(
        (a, b) => (b[1] < a[1] ? b : a),
        [undefined, atMs],
      )
      this.nowMs = dueMs
      if (next === undefined) continue
      flying.delete(next)
      this.#answer(search, next, givers)
      if (!search.complete) continue
      const right = !givers.some((giver) => lies.includes(giver))
      const liar = search.judge(right, this.nowMs)
      if (right) return this.nowMs - beganMs
      this.blamed.push(liar)
    }
    throw new Error('the search does not end')
  }

  #answer(search: Search, ask: Ask, givers: string[]): void {
    const { what } = this.services[ask.source]!(ask, this.nowMs)
    if (what === 'nothing') search.lacks(ask, this.nowMs)
    else if (what === 'gone') search.failed(ask, this.nowMs)
    else if (what === 'wrong') search.wrong(ask, this.nowMs)
    else if (search.gave(ask, this.nowMs)) {
      this.came++
      givers.push(ask.source)
    }
  }
}

/** Sources a to d take 10 ms a chunk, and are known to. */
function usual(): World {
  const world = new World()
  for (const name of ['a', 'b', 'c', 'd']) world.services[name] = after(10)
  for (const name of ['a', 'b', 'c', 'd']) world.fetch(2, () => [name])
  return world
}

const sourcesOf = (world: World): string[] => [...new Set(world.asked.map(({ source }) => source))]

describe('a search', () => {
  it('asks the author alone while it is as fast as others, for each chunk once', () => {
    const world = usual()
    expect(world.fetch(8, () => ['a', 'b', 'c'])).toBe(80)
    expect(sourcesOf(world)).toEqual(['a'])
    expect(world.asked.map(({ chunk }) => chunk)).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
  })

  it.each([
    ['drips, each chunk just before its deadline', after(9999)],
    ['never answers', never],
    ['stalls at the last chunk', ({ chunk }: Ask) => after(chunk < 7 ? 10 : 9999)()],
    ['is just slower than it may be', after(27)],
  ])('waits no longer than twice the usual time and a little for one that %s, and less the next time', (_, liar) => {
    const world = usual()
    world.services.liar = liar
    const holders = () => ['liar', 'a', 'b', 'c']
    // 8 chunks take 80 ms from one.
    expect(world.fetch(8, holders)).toBeLessThanOrEqual(2 * 80 + 50 + 80)
    expect(world.asked.length).toBeLessThanOrEqual(8 + 1)
    expect(world.fetch(8, holders)).toBe(80)
    expect(sourcesOf(world)).not.toContain('liar')
  })

  it('is held up once by each of several liars, and then by none, also by those who were on time in between', () => {
    const world = usual()
    for (const liar of ['x', 'y', 'z']) world.services[liar] = never
    const tookMs = world.fetch(2, () => ['x', 'y', 'z', 'a'])
    expect(tookMs).toBeLessThanOrEqual(3 * (2 * 20 + 50) + 20)
    expect(world.fetch(2, () => ['x', 'y', 'z', 'a'])).toBe(20)
    world.services.x = after(10)
    world.fetch(2, () => ['x'])
    world.services.x = never
    expect(world.fetch(2, () => ['x', 'a'])).toBe(20)
  })

  it('asks a slow author while nobody else has it, and others as soon as they do', () => {
    const world = usual()
    world.services.liar = after(9999)
    world.fetch(8, () => ['liar', 'a'])
    const tookMs = world.fetch(8, (sinceMs) => (sinceMs < 100 ? ['liar'] : ['liar', 'a', 'b', 'c']))
    // Three at once, after what may pass until it is looked again.
    expect(tookMs).toBeLessThan(100 + 25 + 40)
    expect(world.asked[0]).toEqual({ source: 'liar', chunk: 0 })
    expect(world.came).toBe(8)
  })

  it('gives one that was slow again and again the usual time only, when others come to hold it meanwhile', () => {
    const world = usual()
    world.services.liar = after(9999)
    // Once may be an accident.
    for (let i = 0; i < 2; i++) world.fetch(8, (sinceMs) => (sinceMs < 100 ? ['liar'] : ['liar', 'a']))
    // Three at once from 35 ms on; one that is not known to be slow has 70 ms.
    expect(world.fetch(8, (sinceMs) => (sinceMs < 15 ? ['liar'] : ['liar', 'a', 'b', 'c']))).toBeLessThan(75)
  })

  it('takes nobody for slow when more than a third are: no more lie, so it is this peer', () => {
    const world = usual()
    const late = (...sources: readonly string[]): void => {
      for (const source of sources) for (let i = 0; i < 2; i++) world.speeds.late(source, world.nowMs)
    }
    late('a')
    expect(world.speeds.isOftenSlow('a', world.nowMs)).toBe(true)
    late('b')
    for (const source of ['a', 'b']) expect(world.speeds.isOftenSlow(source, world.nowMs)).toBe(false)
  })

  it('stays with the source that gave a chunk, whoever else is free', () => {
    const world = usual()
    world.services.author = () => ({ afterMs: 5, what: world.nowMs < 100 ? 'gone' : 'chunk' })
    world.fetch(8, () => ['author', 'b'])
    expect(world.asked.filter(({ source }) => source === 'author')).toHaveLength(1)
  })

  it('takes no answer for another request to the same source', () => {
    const search = new Search(new Speeds(10_000), 1)
    const [first] = search.plan(['a'], 0).asks
    search.failed(first!, 1)
    const [second] = search.plan(['a'], 30).asks
    expect(second).not.toBe(first)
    expect(search.gave(first!, 31)).toBe(false)
    expect(search.complete).toBe(false)
    expect(search.gave(second!, 32)).toBe(true)
    expect(search.complete).toBe(true)
  })

  it('does not take what a request waited for at home for the time of its source', () => {
    const world = usual()
    const search = new Search(world.speeds, 1)
    const beganMs = world.nowMs
    const [ask] = search.plan(['a', 'b'], beganMs).asks
    search.held(ask!)
    expect(search.plan(['a', 'b'], beganMs + 1000).asks).toEqual([])
    search.sent(ask!, beganMs + 1000)
    expect(search.plan(['a', 'b'], beganMs + 1010).asks).toEqual([])
    expect(search.gave(ask!, beganMs + 1010)).toBe(true)
    search.judge(true, beganMs + 1010)
    expect(world.speeds.isSlow('a', beganMs + 1010)).toBe(false)
  })

  it('an honest peer that was slow once is the first to be asked again', () => {
    const world = usual()
    world.services.late = after(500)
    world.fetch(2, () => ['late', 'a'])
    world.services.late = after(10)
    world.fetch(2, () => ['late', 'a'])
    expect(sourcesOf(world)).toEqual(['a'])
    // Whoever serves its own updates in time, or waits, is back.
    const waited = world.nowMs + 31_000
    expect(world.speeds.isSlow('late', world.nowMs)).toBe(true)
    expect(world.speeds.isSlow('late', waited)).toBe(false)
    for (let i = 0; i < 2; i++) world.fetch(2, () => ['late'])
    world.fetch(2, () => ['late', 'a'])
    expect(sourcesOf(world)).toEqual(['late'])
  })

  it('when all are slow at once, it is our own link: nothing is asked twice', () => {
    const world = usual()
    const slowed = world.nowMs
    for (const name of ['a', 'b', 'c', 'd']) world.services[name] = after(400)
    // Others of the same round, under way meanwhile.
    for (const name of ['b', 'c', 'd']) world.speeds.begin(name, slowed)
    expect(world.fetch(1, () => ['a', 'b', 'c', 'd'])).toBe(400)
    expect(world.asked).toHaveLength(1)
  })

  it('knows nothing at first, and asks another one after a while', () => {
    const world = new World()
    world.services.liar = never
    world.services.a = after(10)
    expect(world.fetch(8, () => ['liar', 'a'])).toBeLessThan(500 + 100)
  })

  it('of a source that sends what cannot be right nothing is kept', () => {
    const world = usual()
    world.services.liar = ({ chunk }) => ({ afterMs: 10, what: chunk === 1 ? 'wrong' : 'chunk' })
    expect(world.fetch(3, () => ['liar', 'a'])).toBe(20 + 30)
    expect(world.speeds.isSlow('liar', world.nowMs + 60_000)).toBe(true)
  })

  it('of two that gave a wrong whole nobody is blamed, and then all chunks are of one source until one is', () => {
    const world = usual()
    world.services.liar = ({ chunk }) => after(chunk === 0 ? 10 : 9999)()
    world.fetch(4, () => ['liar', 'a', 'b'], ['liar'])
    expect(world.blamed).toEqual([undefined])
    world.services.liar = after(10)
    world.services.accomplice = after(10)
    world.blamed = []
    world.fetch(4, () => ['accomplice', 'a', 'b'], ['accomplice'])
    expect(world.blamed).toEqual(['accomplice'])
  })

  it('ends with f liars that give wrong bytes by turns, slowly or not, and one honest source', () => {
    for (let seed = 0; seed < 200; seed++) {
      let state = seed
      const draw = (most: number): number => {
        state = (state * 1_103_515_245 + 12_345) % 2 ** 31
        return (state >> 8) % most
      }
      const world = usual()
      for (const liar of ['x', 'y', 'z'])
        world.services[liar] = () => ({
          afterMs: [5, 10, 80, 5000][draw(4)]!,
          what: (['chunk', 'chunk', 'nothing', 'gone', 'wrong'] as const)[draw(5)]!,
        })
      const tookMs = world.fetch(4, () => ['x', 'y', 'z', 'a'], ['x', 'y', 'z'])
      expect(tookMs, `seed ${seed}`).toBeLessThan(2000)
    }
  })

  it('those who have it not are asked again, ever less often', () => {
    const world = usual()
    world.services.empty = () => ({ afterMs: 1, what: world.nowMs > 5000 ? 'chunk' : 'nothing' })
    world.nowMs = 0
    world.fetch(1, () => ['empty'])
    expect(world.asked.length).toBeLessThan(25)
    expect(world.nowMs).toBeLessThan(5400)
  })
})

it('each asker begins with another one of those who hold a payload, after its author', () => {
  expect(announcedSources(0, [1, 2, 3], 5)).toEqual([0, 3, 1, 2])
  expect(announcedSources(0, [1, 2, 3], 6)).toEqual([0, 1, 2, 3])
  expect(announcedSources(2, [0, 2, 3], 0)).toEqual([2, 3])
  expect(announcedSources(1, [], 0)).toEqual([1])
})
