// A made-up census: one row a person, income above or below a line, persons of twelve states that differ.
import { normal, stream } from '@hearsay/training/task'

const states = [
  'Avalon',
  'Brittia',
  'Cockaigne',
  'Dis',
  'Elysium',
  'Fortunata',
  'Gondor',
  'Hy',
  'Ib',
  'Jotun',
  'Kitezh',
  'Lyonesse',
]
const schooling = ['none', 'primary', 'secondary', 'college', 'university']
const work = ['crafts', 'farming', 'office', 'sales', 'teaching', 'transport']
const families = ['alone', 'married', 'parted', 'widowed']
const worth: Readonly<Record<string, number>> = {
  crafts: 0,
  farming: -0.9,
  office: 0.8,
  sales: 0.3,
  teaching: 0.5,
  transport: -0.2,
}

export function census(rows = 2400): string {
  const lines = Array.from({ length: rows }, (_, row) => person(row).join(','))
  return `${['age', 'schooling', 'work', 'family', 'hours', 'savings', 'state', 'income'].join(',')}\n${lines.join('\n')}\n`
}

function person(row: number): (string | number)[] {
  const random = stream('made-up census 1', row)
  // Large states and small ones.
  const state = Math.floor(states.length * random.uniform() ** 1.6)
  const age = Math.min(90, Math.round(18 + 45 * random.uniform() + 8 * Math.abs(normal(random))))
  // Who lives where has been to school for longer or shorter, and does other work.
  const school = Math.max(0, Math.min(4, Math.round(2 + 1.1 * normal(random) + (state % 3) - 1)))
  const job = work[(state + Math.floor(work.length * random.uniform() ** 1.4)) % work.length]!
  const family = families[random.uniform() < 0.5 ? 1 : random.integer(families.length)]!
  const hours = Math.max(5, Math.min(80, Math.round(38 + 10 * normal(random))))
  const savings = Math.max(0, Math.round(100 * (20 + 0.6 * age + 12 * school + 25 * normal(random))))
  const score =
    0.9 * (school - 2) + worth[job]! + 0.05 * (hours - 38) + 0.03 * (age - 42) + (family === 'married' ? 0.7 : 0)
  const income = score + 0.8 * normal(random) > 0.6 ? '>50K' : '<=50K'
  // As in any census, not everybody answers everything.
  const answered = <T>(value: T): T | '' => (random.uniform() < 0.02 ? '' : value)
  return [age, schooling[school]!, answered(job), family, answered(hours), savings, states[state]!, income]
}
