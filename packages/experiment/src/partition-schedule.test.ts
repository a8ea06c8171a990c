import { machineClock } from '@hearsay/libp2p'
import type { Partition } from '@hearsay/scenario'
import { expect, test } from 'vitest'
import { PartitionSchedule } from './partition-schedule.ts'

const partition = (fromRound: number, untilRound: number): Partition => ({
  groups: 'halves',
  bridge: 'none',
  fromRound,
  untilRound,
})

function schedule(partitions: readonly Partition[], rounds = 10) {
  const applied: (number | undefined)[] = []
  return {
    applied,
    made: new PartitionSchedule(partitions, rounds, machineClock, (one) => applied.push(one?.fromRound)),
  }
}

test('partitions come and go with the rounds, one after the other', () => {
  const { applied, made } = schedule([partition(2, 3), partition(4, 4)])
  made.begun(1)
  expect(made.active).toBe(false)
  made.begun(2)
  made.begun(2)
  made.ended(2, 2)
  expect(applied).toEqual([2])
  made.ended(3, 2)
  expect(made.active).toBe(false)
  made.begun(4)
  made.ended(4, 4)
  expect(applied).toEqual([2, undefined, 4, undefined])
})

test('a partition whose rounds are over never begins', () => {
  const { applied, made } = schedule([partition(1, 2), partition(4, 5)])
  made.begun(3)
  expect(applied).toEqual([])
  made.begun(5)
  expect(applied).toEqual([4])
})

test('the last round of a cell lifts what would last longer', () => {
  const { applied, made } = schedule([partition(1, 9)], 2)
  made.begun(1)
  made.ended(1, 1)
  expect(made.active).toBe(true)
  made.ended(2, 1)
  expect(applied).toEqual([1, undefined])
})

test('a partition lifts after its time', async () => {
  const { promise, resolve } = Promise.withResolvers<void>()
  const made = new PartitionSchedule([{ ...partition(1, 9), untilMs: 5 }], 10, machineClock, (one) => {
    if (one === undefined) resolve()
  })
  made.begun(1)
  await promise
  expect(made.active).toBe(false)
  made.close()
})

test('a part that has certified nothing yet gets its time, and the partition lifts when it has', () => {
  const { applied, made } = schedule([partition(1, 2)])
  made.begun(1)
  made.ended(2, 0)
  expect(made.active).toBe(true)
  made.ended(2, 1)
  expect(applied).toEqual([1, undefined])
})

test('a part that cannot certify does not hold the partition for ever', async () => {
  const { promise, resolve } = Promise.withResolvers<void>()
  const made = new PartitionSchedule([partition(1, 2)], 10, machineClock, (one) => {
    if (one === undefined) resolve()
  })
  made.begun(1)
  made.ended(2, 0)
  await promise
  expect(made.active).toBe(false)
})
