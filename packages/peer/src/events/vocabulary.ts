/**
 * All that is told of peers, in a run of a scenario (`events.jsonl`) and by `hearsay start --json`: each event with its name,
 * `kind`, and its fields. Whoever tells adds when and where. docs/events.md lists them, and docs/events.schema.json is their JSON
 * Schema; both are written from here.
 */
import { z } from 'zod'

/** Of the vocabulary. Fields and events may be added to it; what is renamed, removed or means something else makes it another. */
export const eventsVersion = 2

const round = z.int().min(0).describe('from 1; 0 is before the first')
const digest = z.string().describe('SHA-256, hexadecimal')
const peer = z.union([z.int(), z.string()]).describe('in a run its number in the scenario, from 0; otherwise its id')
const peers = z.array(peer)
const tookMs = z.number().min(0).describe('milliseconds')
const since = z.string().describe('date and time, ISO 8601')
const members = z.array(z.strictObject({ peer, digest })).describe('whose updates count, and the digest of each')
const other = peer.describe('the other peer')
const name = z.string().optional().describe('of the other peer, where the genesis gives it one')
const message = z.string().describe('in words')
const advice = message.optional().describe('what it means and what to do, in words; not in a run')
const proof = z.string().describe('portable evidence, base64: see docs/accountability.md')
const evidence = z.enum(['equivocation', 'fork'])
const awaits = z.enum(['pace', 'updates', 'agreement', 'fetching', 'checkpoints', 'adopting'])
const trouble = z.enum([
  'nobody-there',
  'unknown-name',
  'unreachable',
  'no-answer',
  'wrong-identity',
  'no-peer',
  'refused',
  'version',
  'network',
  'no-gossip',
  'no-address',
  'other',
])

function event<Kind extends string, Fields extends z.core.$ZodLooseShape>(kind: Kind, meaning: string, fields: Fields) {
  return z.strictObject({ kind: z.literal(kind), ...fields }).describe(meaning)
}

/** In the order in which documents list them. */
export const eventSchemas = [
  event('connected', 'the link to another peer went up', { other, name }),
  event('disconnected', 'the link to another peer went down', { other, name }),
  event('round', 'it begins a round', { round }),
  event('trained', 'it has its own update', {
    round,
    tookMs,
    loss: z.number().nullable().optional().describe('mean over its steps, null when it is not finite; not in a run'),
  }),
  event('paused', 'it pauses in the round, and says so in place of an update', {
    round,
    backTo: z.int().min(1).optional().describe('the round whose model its operator asks to go back to'),
  }),
  event('diverged', 'its training came to numbers that are not finite: it ended early, or gave zeros', {
    round,
    message: advice,
  }),
  event('held', 'it holds one more update of the round, its own or that of another', { round }),
  event('judged', 'in asynchronous agreement: it judged a gradient, and applies it unless it says why not', {
    round,
    other,
    name,
    staleness: z.int().min(0).describe('so many updates came since the model that it was computed on'),
    factor: z.number().min(0).describe('by which it is applied; 0 if it is not'),
    why: z.enum(['lipschitz', 'frequency']).optional().describe('the filter that refused it'),
  }),
  event('agreed', 'it knows which updates count, and holds them', { round, members }),
  event(
    'ordered',
    'in an agreed order, whose updates it applied to the model, one after the other, and whose the filters refused',
    {
      round,
      robust: z.boolean().describe('the rule of the network aggregated all of them, in place of filters'),
      applied: peers,
      refused: peers,
    },
  ),
  event('aggregated', 'it has the new model', { round, tookMs }),
  event('certified', 'by exact agreement: it holds a certificate of the round, which is over for it', {
    round,
    checkpoint: digest.describe('of what the signers signed'),
    previous: digest.describe('of the checkpoint before'),
    model: digest,
    members,
    signers: peers,
  }),
  event(
    'averaged',
    'without a certificate: the round is over for it, with the average of the models of the members, or the aggregate of their updates',
    {
      round,
      model: digest,
      members,
    },
  ),
  event('evaluated', 'how well the model of a round does, by the measures of the task', {
    round,
    measures: z.record(z.string(), z.number().nullable()).describe('by name; null where one is not finite'),
  }),
  event('unevaluated', 'the model of a round could not be evaluated', { round, message }),
  event('era', 'from this round on peers weigh otherwise: by vouches, farewells or evictions', {
    round,
    weights: z.array(z.strictObject({ peer, weight: z.int() })).describe('of each that takes part'),
    tolerated: z.int().describe('how much of it may lie'),
  }),
  event('ended', 'the last round of the network is over', { round }),
  event('evidence', 'a contradiction of others is proved, by their own signatures', {
    evidence,
    round,
    culprits: peers,
    proof,
  }),
  event('halted', 'it saw a fork, or that it contradicted itself, and stopped learning', {
    evidence,
    round,
    culprits: peers,
    proof,
  }),
  event('differs', 'what it aggregated is not what was certified, which it takes', {
    round,
    aggregated: digest,
    certified: digest,
    message: advice,
  }),
  event('asking', 'it asks others what was said under its key, and says nothing until they have answered', {
    message: advice,
  }),
  event('silent', 'it says nothing until a round is over', {
    until: round,
    why: z.enum(['behind', 'unknown words']).optional(),
    message: advice,
  }),
  event('speaks', 'it speaks again', {}),
  event('fault', 'another peer sent what no honest peer sends', { other, name, message }),
  event('failed', 'it could not go on', { message }),
  event('said', 'it said something; of liars too, with hearsay run --trace', {
    envelope: z.int().describe('numbered in the order in which they are first said'),
    round,
    to: peers.optional().describe('left out: everybody'),
    statements: z.array(z.string()),
  }),
  event('heard', 'it heard something; of liars too, with hearsay run --trace', {
    envelope: z.int(),
    round,
    from: peer,
    statements: z.array(z.string()),
  }),
  event('job-failed', 'a job, a cell with one seed, failed', { message }),
  event('engine', 'what trains', { engine: z.string(), version: z.string(), notice: z.string().optional() }),
  event('started', 'the peer has started', {
    id: z.string(),
    network: digest.describe('of the genesis: the name of the network'),
    peers: z.int(),
    tolerated: z.int(),
    height: round.describe('the newest round that was over when it started'),
    doubt: z.string().optional().describe('why it may have said what it does not know of'),
    addresses: z.array(z.string()),
    eventsVersion: z.int(),
  }),
  event('idle', 'it takes no part: its genesis names it alone', { message }),
  event('warning', 'what people may want to mend', { message }),
  event('unwritten', 'a file could not be written; the peer goes on without', { file: z.string(), message }),
  event('unread', 'a file could not be read; the peer goes on as if it said nothing new', {
    file: z.string(),
    message,
  }),
  event('waiting', 'it waits for another peer', { other, name, why: trouble, message, since }),
  event('overdue', 'the round takes longer than its time', {
    round,
    awaits,
    missing: peers,
    since,
    message: advice,
  }),
  event('stranger', 'somebody called whom the genesis does not name', { other, message: advice }),
  event('copy', 'by the word of another, a second process runs with the identity of this peer', {
    other,
    name,
    message: advice,
  }),
  event('copies', 'two processes run with the identity of another', { other, name, message: advice }),
  event('lost', 'so many lines were not told, as nobody read them', { lines: z.int() }),
] as const

export type PeerEvent = z.output<(typeof eventSchemas)[number]>
export type EventKind = PeerEvent['kind']
export type EventOf<Kind extends EventKind> = Extract<PeerEvent, { readonly kind: Kind }>
/** A peer in an event. */
export type PeerName = z.output<typeof peer>

/** When and where, which whoever tells adds: a run all but `at`, a peer `at` alone. */
const place = {
  at: z.string().optional().describe('by a peer: date and time, ISO 8601'),
  cell: z.int().min(0).optional().describe('in a run: number of the cell, from 0'),
  seed: z.int().min(0).optional().describe('in a run'),
  peer: peer.optional().describe('in a run: at whom it happened; left out of what happened to the whole job'),
  atMs: z.number().optional().describe('in a run: milliseconds since the network of the cell was made'),
}

/** A line of `events.jsonl` or of `hearsay start --json`. */
export const lineSchema = z
  .discriminatedUnion(
    'kind',
    eventSchemas.map((one) => one.extend(place).describe(one.description!)) as unknown as typeof eventSchemas,
  )
  .describe(`an event of Hearsay, version ${eventsVersion}`)

export function eventsJsonSchema(): object {
  return z.toJSONSchema(lineSchema, { io: 'output' })
}

export type Line = PeerEvent & { readonly [Field in keyof typeof place]?: z.output<(typeof place)[Field]> }
