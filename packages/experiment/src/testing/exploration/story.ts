import type { Event, Output, Statement, Step } from '@hearsay/protocol'
import { runSchedule } from './run-schedule.ts'
import type { Schedule } from './schedule.ts'

/** What happened in a schedule up to what went wrong: a line for each step of a peer that says or gives out something. */
export function storyOf(schedule: Schedule): string[] {
  const lines: string[] = []
  const liars = new Set(schedule.liars.map(({ peer }) => peer))
  const { wrong } = runSchedule(schedule, (peer, step, events, nowMs) => {
    const told = [...events.flatMap(heard), ...said(step), ...step.outputs.flatMap(given)]
    if (told.length > 0) lines.push(`${nowMs} ms ${liars.has(peer) ? 'liar' : 'peer'} ${peer}: ${told.join('; ')}`)
  })
  if (wrong !== undefined) lines.push(`${wrong.atMs} ms ${wrong.kind}: ${wrong.what}`)
  return lines
}

function heard(event: Event): string[] {
  switch (event.kind) {
    case 'start':
      return ['starts']
    case 'envelope':
      return [`hears ${event.envelope.id.slice(0, 8)} of ${event.envelope.author}`]
    default:
      return []
  }
}

function said({ sends }: Step): string[] {
  return sends.map(({ to, envelope }) => {
    const audience = to === 'all' ? 'all' : `[${to}]`
    return `says ${envelope.id.slice(0, 8)} to ${audience}: ${envelope.statements.map(statementText).join(' ')}`
  })
}

function statementText(statement: Statement): string {
  switch (statement.kind) {
    case 'init':
      return `INIT(${statement.digest.slice(0, 8)})`
    case 'echo':
    case 'ready':
      return `${statement.kind.toUpperCase()}(${statement.sender}, ${statement.digest.slice(0, 8)})`
    case 'estimate':
      return `EST(${statement.instance}, ${statement.phase}, ${statement.value})`
    case 'coordinate':
      return `COORD(${statement.instance}, ${statement.phase}, ${statement.value})`
    case 'auxiliary':
      return `AUX(${statement.instance}, ${statement.phase}, ${['{}', '{0}', '{1}', '{0,1}'][statement.values]})`
    default:
      return statement.kind.toUpperCase()
  }
}

function given(output: Output): string[] {
  switch (output.kind) {
    case 'round-ended': {
      const { round, certificate, model, members } = output
      const [what, digest] = certificate === undefined ? ['ENDS', model] : ['CERTIFIES', certificate.digest]
      return [`${what} round ${round} as ${digest.slice(0, 8)} of ${members.map(({ peer }) => peer)}`]
    }
    case 'evidence':
      return [`ACCUSES ${output.evidence.culprits}`]
    case 'halted':
      return ['HALTS']
    default:
      return []
  }
}
