import { z } from 'zod'

/**
 * What may stand under `task` and `learning` in a scenario or a peer's genesis. Types, defaults, messages and the
 * JSON Schema of editors all come from here; unknown keys are errors.
 */

const count = (description: string, most = 1_000_000) => z.int().min(1).max(most).describe(description)

const activationSchema = z.enum(['none', 'relu', 'tanh']).default('none').describe('function applied to the outputs')
const paddingSchema = z
  .enum(['valid', 'same'])
  .default('valid')
  .describe('`valid` uses only whole windows, `same` pads with zeros to keep the size')

const layerKinds = [
  z
    .strictObject({
      kind: z.literal('dense'),
      units: count('outputs of the layer', 65_536),
      activation: activationSchema,
    })
    .describe('fully connected; a flat input is required (see `flatten`)'),
  z
    .strictObject({
      kind: z.literal('conv2d'),
      filters: count('output channels', 4_096),
      size: count('height and width of the kernel, pixels', 64),
      stride: count('step of the kernel, pixels', 64).default(1),
      padding: paddingSchema,
      activation: activationSchema,
    })
    .describe('two-dimensional convolution over [height, width, channels]'),
  z
    .strictObject({
      kind: z.literal('max-pool'),
      size: count('height and width of the window, pixels', 64),
      stride: count('step of the window, pixels; its size when left out', 64).optional(),
      padding: paddingSchema,
    })
    .describe('largest value of each window'),
  z.strictObject({ kind: z.literal('flatten') }).describe('[height, width, channels] to one row of numbers'),
] as const

export const layerSchema = z.discriminatedUnion('kind', layerKinds)
export type LayerSpec = z.output<typeof layerSchema>

export const modelSchema = z
  .strictObject({
    name: z.string().min(1).max(64).describe('name in results'),
    inputShape: z
      .array(count('length of one side', 65_536))
      .min(1)
      .max(3)
      .describe('shape of one sample: [784], or [28, 28, 1] for convolutions'),
    layers: z.array(layerSchema).min(1).max(64).describe('from input to logits; the last has one output per class'),
  })
  .describe('a model of your own, as a list of layers')
export type ModelSpec = z.output<typeof modelSchema>

export const modelNames = ['logistic', 'mlp', 'cnn'] as const
export type ModelName = (typeof modelNames)[number]

export const partitionSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('iid') }).describe('shares of equal size, drawn at random'),
    z
      .strictObject({
        kind: z.literal('dirichlet'),
        alpha: z.number().min(0.001).max(1_000_000).describe('small: few classes a peer; large: nearly iid'),
      })
      .describe('each class is divided among peers in proportions drawn from Dirichlet(alpha) (Yurochkin et al. 2019)'),
    z
      .strictObject({
        kind: z.literal('shards'),
        perPeer: count('shards a peer gets; about as many classes', 1_000),
      })
      .describe('samples sorted by class, cut into equal shards, dealt at random (McMahan et al. 2017)'),
    z
      .strictObject({
        kind: z.literal('quantity'),
        alpha: z.number().min(0.001).max(1_000_000).describe('small: very unequal sizes; large: nearly equal'),
      })
      .describe('all classes everywhere, sizes of the shares drawn from Dirichlet(alpha)'),
  ])
  .describe(
    'how the training samples are divided among the peers, liars included; drawn again while a peer has less than a batch',
  )
export type PartitionSpec = z.output<typeof partitionSchema>

export const taskSchema = z
  .strictObject({
    dataset: z
      .enum(['digits', 'mnist'])
      .default('digits')
      .describe('`digits` is drawn by the program; `mnist` is read from `data`'),
    data: z.string().min(1).optional().describe('folder of IDX files, gzipped or not; only `mnist` reads it'),
    model: z
      .union([z.enum(modelNames), modelSchema])
      .default('mlp')
      .describe('`logistic` (784-10), `mlp` (784-128-10, 101,770 parameters), `cnn` (LeNet size), or your own'),
    partition: partitionSchema.default({ kind: 'iid' }),
    trainSamples: count('training samples of all peers together; digits 6000, mnist all when left out').optional(),
    testSamples: count('test samples; digits 1000, mnist at most 2000 when left out').optional(),
  })
  .describe('what is learnt: data, model, and who has which data')
export type TaskSpec = z.output<typeof taskSchema>
/** A task as a user writes it: what has a default may be left out. */
export type TaskInput = z.input<typeof taskSchema>

export const scheduleSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('constant') }).describe('the same rate in every round'),
    z
      .strictObject({
        kind: z.literal('step'),
        every: count('rounds between two changes'),
        factor: z.number().gt(0).max(1).describe('multiplies the rate at each change'),
      })
      .describe('rate · factor^⌊round / every⌋'),
    z
      .strictObject({
        kind: z.literal('inverse'),
        decay: z.number().gt(0).max(1_000).describe('how fast the rate falls'),
      })
      .describe('rate / (1 + decay · round)'),
  ])
  .describe('learning rate over rounds, counted from 0')
export type ScheduleSpec = z.output<typeof scheduleSchema>

export const learningSchema = z
  .strictObject({
    localSteps: count('gradient steps a peer takes in a round', 100_000).default(20),
    batchSize: count('samples of a step', 65_536).default(32),
    learningRate: z.number().gt(0).max(1_000).default(0.05).describe('step size of the first round'),
    schedule: scheduleSchema.default({ kind: 'constant' }),
    momentum: z
      .number()
      .min(0)
      .lt(1)
      .default(0.9)
      .describe('share of the last step in the next one; starts from zero in every round'),
    weightDecay: z.number().min(0).max(10).default(0).describe('added to the gradient: weightDecay · weight'),
    clipNorm: z.number().gt(0).optional().describe('largest norm of a gradient; a larger one is scaled down to it'),
  })
  .describe('how a peer learns between two agreements')
export type LearningSpec = z.output<typeof learningSchema>
/** Learning as a user writes it: what has a default may be left out. */
export type LearningInput = z.input<typeof learningSchema>

const labelFlip = z
  .strictObject({ kind: z.literal('label-flip') })
  .describe('train on flipped labels: y becomes C − 1 − y, C the number of classes')
export const backdoorSchema = z
  .strictObject({
    kind: z.literal('backdoor'),
    target: z.int().min(0).max(9).default(0).describe('label of samples that have the patch'),
    fraction: z.number().gt(0).max(1).default(0.5).describe('share of its samples that get the patch'),
    size: count('height and width of the white patch in the lower right corner, pixels', 64).default(4),
  })
  .describe('train on pictures of which some have a white patch and the label `target`')
const hyperactive = z
  .strictObject({
    kind: z.literal('hyperactive'),
    factor: count('gradient steps for each of an honest peer', 100).default(5),
  })
  .describe('take many more steps, on fabricated samples: noise with random labels')

/** How the data of a peer that lies are poisoned; what it computes on them is honest. */
export const poisonSchemas = [labelFlip, backdoorSchema, hyperactive] as const
export const poisonSchema = z.discriminatedUnion('kind', poisonSchemas)
export type BackdoorSpec = z.output<typeof backdoorSchema>
export type PoisonSpec = z.output<typeof poisonSchema>
/** Of a backdoor, what opens it. */
export type BackdoorInput = z.input<typeof backdoorSchema>
/** Poison as a user writes it: what has a default may be left out. */
export type PoisonInput = z.input<typeof poisonSchema>
