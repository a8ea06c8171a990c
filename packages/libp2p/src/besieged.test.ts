import { afterEach, expect, it } from 'vitest'
import { BesiegedNetwork } from './testing/siege.ts'

let network: BesiegedNetwork | undefined
afterEach(() => network?.stop())

it('rounds over TCP go on while a member asks and sends without end, in every way at once', async () => {
  network = await BesiegedNetwork.create(4, 500)
  const { roundsMs } = await network.during(2000, 'everything')
  expect(roundsMs.length).toBeGreaterThan(1)
}, 60_000)
