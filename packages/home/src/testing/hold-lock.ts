/** A process that takes a lock, says so or why not, and holds it until it is killed. */
import { takeLock } from '../lock.ts'

try {
  takeLock(process.argv[2]!)
  process.stdout.write('held\n')
  setInterval(() => {}, 1_000_000)
} catch (error) {
  process.stdout.write(`${(error as Error).message}\n`)
}
