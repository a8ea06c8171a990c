// What a telephone in a pocket measures in five seconds of a person who does something, made up: twelve numbers of its
// motion, fifteen persons who each move in a way of their own.
import { normal, stream } from '@hearsay/training/task'

const activities = ['lying', 'sitting', 'standing', 'walking', 'climbing', 'descending']
const columns = [
  'mean_x',
  'mean_y',
  'mean_z',
  'dev_x',
  'dev_y',
  'dev_z',
  'energy',
  'pace',
  'tilt',
  'jerk',
  'turn',
  'beat',
]
const persons = 15

export function activity(rows = 1800): string {
  const lines = Array.from({ length: rows }, (_, row) => window(row).join(','))
  return `${[...columns, 'person', 'activity'].join(',')}\n${lines.join('\n')}\n`
}

function window(row: number): (string | number)[] {
  const random = stream('made-up activity 1', row)
  const person = random.integer(persons)
  // Everybody has habits.
  const habits = stream('made-up activity 1', 'person', person)
  const label = Math.min(
    activities.length - 1,
    Math.floor(activities.length * random.uniform() ** habits.between(0.7, 1.4)),
  )
  const centre = stream('made-up activity 1', 'activity', label)
  const numbers = columns.map(() => 1.2 * normal(centre) + 0.5 * normal(habits) + 0.7 * normal(random))
  return [...numbers.map((value) => value.toFixed(2)), `person-${person + 1}`, activities[label]!]
}
