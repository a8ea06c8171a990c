import { readdirSync, readFileSync } from 'node:fs'

/** Linux counts processor time in these. */
const tickS = 0.01

interface Stat {
  readonly pid: number
  readonly parent: number
  readonly begun: string
  readonly ticks: number
}

/**
 * Processor time of a process and of all that it starts, and that these start. What the system tells of children that have ended is that of
 * those that somebody waited for; a process that ends its children by going away itself waits for none. So each is looked at
 * again and again, and counts with what it was last seen to have had.
 */
export class ProcessorTime {
  readonly #root: number
  /** Ticks by process; an id may be given again. */
  readonly #seen = new Map<string, number>()
  #ours: Set<number>

  constructor(root: number) {
    this.#root = root
    this.#ours = new Set([root])
  }

  /** Seconds so far; undefined where there is no /proc. */
  look(): number | undefined {
    const all = statsOfAll()
    if (all.length === 0) return undefined
    const there = new Map(all.map((stat) => [stat.pid, stat]))
    // A child of ours whose parent has gone is ours yet.
    const ours = new Set([this.#root, ...[...this.#ours].filter((pid) => this.#seen.has(keyOf(there.get(pid))))])
    for (let before = 0; before < ours.size; ) {
      before = ours.size
      for (const { pid, parent } of all) if (ours.has(parent)) ours.add(pid)
    }
    this.#ours = ours
    for (const pid of ours) {
      const stat = there.get(pid)
      if (stat !== undefined) this.#seen.set(keyOf(stat), stat.ticks)
    }
    return [...this.#seen.values()].reduce((sum, ticks) => sum + ticks, 0) * tickS
  }
}

const keyOf = (stat: Stat | undefined): string => `${stat?.pid} ${stat?.begun}`

function statsOfAll(): Stat[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((pid) => statOf(pid) ?? [])
  } catch {
    return []
  }
}

/** Undefined of a process that has ended meanwhile. */
function statOf(pid: string): Stat | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // Behind the name, which may have anything in it: state, parent, …, the twelfth and the next its own times, the twentieth when it began.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return {
      pid: Number(pid),
      parent: Number(fields[1]),
      begun: fields[19]!,
      ticks: Number(fields[11]) + Number(fields[12]),
    }
  } catch {
    return undefined
  }
}
