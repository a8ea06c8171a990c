import { protocolAttacks } from '@hearsay/adversary'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Cells, sparing, startCells } from './testing/cells.ts'

let cells: Cells

beforeAll(async () => {
  cells = await startCells()
})
afterAll(() => cells.close())

const liar = 3
const networks = [...protocolAttacks.values()].flatMap(({ name, virtual }) =>
  virtual
    ? [[name, 'virtual']]
    : [
        [name, 'memory'],
        [name, 'virtual'],
      ],
)
const byEvidence = ['equivocate', 'flip-flop']
const byFaults = ['oversize', 'malformed', 'impersonate', 'pester']

test.each(networks)(
  '%s, one of four, network %s: stops nothing, and whoever leaves a trace is named',
  async (behaviour, network) => {
    const group = `adversaries={ count: 1, behaviour: ${behaviour} }`
    const run = await cells.run(['rounds=3', `network.transport=${network}`, group])
    const { measures, events } = run
    expect(measures).toMatchObject({
      disagreement: { distance: 0, forks: 0 },
      liveness: { ended: 3 },
      evidence: { culprits: byEvidence.includes(behaviour!) ? 1 : 0, falseAccusations: 0 },
      stalled: false,
    })
    const faulty = new Set(events.flatMap((event) => (event.kind === 'fault' ? [event.other] : [])))
    expect([...faulty]).toEqual(byFaults.includes(behaviour!) ? [liar] : [])
    expect(events.filter(({ kind }) => kind === 'failed')).toEqual([])
    if (byEvidence.includes(behaviour!)) expect(sparing(run)).toEqual([])
  },
)

test('a late liar with an attack on updates sends what that gives', async () => {
  const among = async (update: string) => {
    const group = `adversaries={ count: 1, behaviour: late, delayMs: 1, update: ${update} }`
    const { events } = await cells.run(['rounds=1', 'agreement.graceMs=10000', group])
    return events.flatMap((event) => (event.kind === 'certified' ? [event.members] : []))[0]!
  }
  const [plain, flipped] = [await among('none'), await among('sign-flip')]
  expect(flipped.map(({ peer }) => peer)).toEqual([0, 1, 2, liar])
  expect(flipped.slice(0, liar)).toEqual(plain.slice(0, liar))
  expect(flipped[liar]!.digest).not.toBe(plain[liar]!.digest)
})
