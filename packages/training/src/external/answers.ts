/** What a trainer's program may answer. Each gives the header its type and says how many numbers follow, or throws Error. */
import { z } from 'zod'

/** A model of 1 GiB. */
const mostFloats = 2 ** 28
const mostTensors = 10_000

const floats = z.int().min(0).max(mostFloats)

const openedSchema = z.object({
  floats,
  tensors: z
    .array(
      z.object({
        name: z
          .string()
          .min(1)
          .max(200)
          .regex(/^[^\p{Cc}\p{Cf}]*$/u, 'has control characters'),
        shape: z.array(z.int().min(1).max(mostFloats)).max(8),
      }),
    )
    .min(1)
    .max(mostTensors),
  samples: z.array(z.int().min(0).max(Number.MAX_SAFE_INTEGER)),
})
export type Opened = z.output<typeof openedSchema>

const trainedSchema = z.object({ floats, loss: z.number().nullable(), workMs: z.number().min(0).optional() })
export type TrainedHeader = z.output<typeof trainedSchema>

const evaluatedSchema = z.object({ floats, measures: z.record(z.string(), z.number().nullable()) })
export type EvaluatedHeader = z.output<typeof evaluatedSchema>

const closedSchema = z.object({ floats })

/** To `open`: a first model for so many peers. */
export function openedBy(peers: number): (header: unknown) => { header: Opened; floats: number } {
  return (given) => {
    const header = parse(openedSchema, given)
    const length = header.tensors.reduce((sum, { shape }) => sum + shape.reduce((size, side) => size * side, 1), 0)
    if (length !== header.floats) throw new Error(`tensors of ${length} numbers, and floats is ${header.floats}`)
    if (header.samples.length !== peers)
      throw new Error(`samples of ${header.samples.length} peers, asked was ${peers}`)
    return { header, floats: length }
  }
}

/** To `train`: an update of so many numbers. */
export function trainedBy(length: number): (header: unknown) => { header: TrainedHeader; floats: number } {
  return (header) => counted(parse(trainedSchema, header), length)
}

/** To `evaluate`: each of these measures, and whatever else it measures. */
export function evaluatedBy(
  names: readonly string[],
): (header: unknown) => { header: EvaluatedHeader; floats: number } {
  return (given) => {
    const header = counted(parse(evaluatedSchema, given), 0)
    const missing = names.find((name) => header.header.measures[name] === undefined)
    if (missing === undefined) return header
    const there = Object.keys(header.header.measures).slice(0, 16).join(', ')
    throw new Error(`no measure ${missing}, which trainer.measures lists; it gives ${there || 'none'}`)
  }
}

export function closedBy(header: unknown): { header: object; floats: number } {
  return counted(parse(closedSchema, header), 0)
}

function counted<Header extends { floats: number }>(header: Header, length: number) {
  if (header.floats !== length) throw new Error(`floats is ${header.floats}, not ${length}`)
  return { header, floats: length }
}

function parse<Schema extends z.ZodType>(schema: Schema, header: unknown): z.output<Schema> {
  const parsed = schema.safeParse(header)
  if (parsed.success) return parsed.data
  const [{ path, message }] = parsed.error.issues as [z.core.$ZodIssue]
  throw new Error(`a header whose ${path.slice(0, 4).join('.') || 'content'} is wrong: ${message}`)
}
