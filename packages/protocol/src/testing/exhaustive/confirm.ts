import type { Case, Violation } from './exploration.ts'
import type { LocalAutomaton, Peer } from './local-automaton.ts'

/**
 * Runs the trace of a violation on machines that forget nothing and hear from senders with names, delivery by delivery;
 * gives what happened, and what was wrong in the end.
 *
 * @throws Error if nothing was: then the exploration is wrong, not what it explores.
 */
export function confirm<Machine extends Peer>(
  { what, trace }: Violation,
  explored: Case<Machine>,
  plain: Case<Machine>,
): { readonly what: string; readonly trace: readonly string[] } {
  const locals = plain.parts.map(() => 0)
  const others = (part: number): number[] =>
    locals.flatMap((local, other) => (other === part ? [] : [plain.parts[other]!.automaton.said[local]!]))
  const machines = (): Machine[] => locals.map((local, part) => plain.parts[part]!.automaton.machines[local]!)
  const names: string[] = []
  const take = (part: number, input: number): boolean => {
    const { automaton, position } = plain.parts[part]!
    const { to } = automaton.step(locals[part]!, input)
    if (to === locals[part]) return false
    locals[part] = to
    names.push(`peer ${position}: ${automaton.inputs[input]!.name}`)
    return true
  }
  for (const step of trace) {
    const { position } = explored.parts[step.part]!
    const part = plain.parts.findIndex((each) => each.position === position)
    const { automaton } = plain.parts[part]!
    const input = candidates(step.input, position, automaton).find(
      (each) =>
        automaton.available(locals[part]!, each, others(part), true) &&
        automaton.step(locals[part]!, each).to !== locals[part],
    )
    if (input !== undefined) take(part, input)
  }
  let wrong = plain.unsafe(machines())
  if (wrong === undefined) {
    names.push('all that honest peers said arrives')
    const length = names.length
    const quieter = (): boolean =>
      plain.parts.some(({ automaton }, part) =>
        automaton.inputs.some(
          (_, input) => automaton.available(locals[part]!, input, others(part), false) && take(part, input),
        ),
      )
    while (quieter());
    names.length = length
    wrong = plain.unsafe(machines()) ?? plain.unfinished(machines())
  }
  if (wrong === undefined) throw new Error(`"${what}" was found but does not happen: this is a bug of the exploration`)
  return { what: wrong, trace: names }
}

/** Inputs of the plain automaton that may be meant: from an honest peer rather than from the liar. */
function candidates<Machine extends Peer>(
  name: string,
  position: number,
  { inputs }: LocalAutomaton<Machine>,
): readonly number[] {
  const [statement = '', from] = name.split(' from ')
  const exact = from === 'itself' ? `${statement} from peer ${position}` : name
  const named = inputs.flatMap((input, index) => (input.name === exact ? [index] : []))
  if (named.length > 0) return named
  const own = `${statement} from peer ${position}`
  const any = inputs.flatMap((input, index) =>
    input.name.startsWith(`${statement} from `) && input.name !== own ? [index] : [],
  )
  return any.sort((a, b) => Number(inputs[a]!.name.endsWith('the liar')) - Number(inputs[b]!.name.endsWith('the liar')))
}
