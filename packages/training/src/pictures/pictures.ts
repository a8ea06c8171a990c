import { originOf } from '@hearsay/data'
import { initialParameters, type LayerPlan, tensorsOf } from '../layers/plan.ts'
import { backdoorSuccess } from '../measures/backdoor.ts'
import { overBound } from '../measures/over-bound.ts'
import { recall } from '../measures/recall.ts'
import type { Measure } from '../task/measure.ts'
import { partition } from '../task/partitions/partitions.ts'
import type { Task } from '../task/task.ts'
import { TrainingError } from '../task/training-error.ts'
import type { Dataset, Format, Outline } from './datasets/dataset.ts'
import { datasets, loadDataset } from './datasets.ts'
import { isSpec, planModel, specOfModel } from './models.ts'
import { type PicturesSpec, picturesFields } from './schema.ts'
import { createTrainer } from './trainer.ts'

const usual: readonly Measure[] = [
  {
    name: 'accuracy',
    summary: 'share of test samples that a model gets right',
    better: 'higher',
    unit: '%',
    digits: 1,
  },
  { name: 'loss', summary: 'mean cross-entropy on test samples', better: 'lower', unit: '', digits: 3 },
  backdoorSuccess,
  overBound,
]

export const pictures: Task<PicturesSpec, Outline, Dataset> = {
  name: 'pictures',
  summary: 'what is learnt: data, model, and who has which data',
  options: {},
  fields: picturesFields,
  describe: ({ dataset, model }) => `${nameOf(dataset)}, ${isSpec(model) ? model.name : nameOf(model)}`,
  measures: [...usual, recall],
  measured: ({ recallOf }) => (recallOf === undefined ? usual : [...usual, recall]),
  source: ({ dataset, data, trainSamples, testSamples }) => [dataset, data, trainSamples, testSamples],
  load: (spec) => loadDataset(spec.dataset, spec),
  async outline(spec, { turn }) {
    // A model that does not fit itself is one whether the data are at hand or not.
    planModel(spec.model)
    const { member, options } = datasets.choose(spec.dataset)
    return member.outline?.(spec, options, turn) ?? loadDataset(spec.dataset, spec)
  },
  divide: ({ train: { labels } }, { spec, peers, seed, least }) =>
    partition({ count: labels.length, labels }, peers, spec.partition, seed, least),
  origin: ({ dataset }) => (dataset === 'mnist' ? originOf({ kind: 'named', name: 'mnist' }) : undefined),
  contents: ({ train: { labels }, classes }) => ({
    kind: 'classes',
    names: labelsOf(classes),
    labels,
  }),
  tensors: (spec, format) => tensorsOf(fittingPlan(spec, format)),
  architecture: ({ model }) => ({ layers: specOfModel(model) }),
  initial: (spec, format, seed) => initialParameters(fittingPlan(spec, format), seed),
  trainer: createTrainer,
  crashVariance: () => true,
  reading: (_spec, { shape, classes }) => ({
    data: { kind: 'idx', scale: 'pixels' },
    shape: [...shape],
    targets: 'classes',
    outputs: labelsOf(classes),
    logits: true,
  }),
  async recall(spec, { shape, outputs }) {
    const [height = 1, width = 1] = shape
    const none = { images: new Uint8Array(0), labels: new Uint8Array(0) }
    return { spec, data: { shape: [height, width], classes: outputs.length, train: none, test: none } }
  },
}

function labelsOf(classes: number): string[] {
  return Array.from({ length: classes }, (_, label) => String(label))
}

/** Of a choice: its name, or its name with options. */
function nameOf(choice: string | object): string {
  return typeof choice === 'string' ? choice : Object.keys(choice)[0]!
}

function fittingPlan({ model }: PicturesSpec, format: Format): LayerPlan[] {
  const plans = planModel(model)
  checkShapes(plans, format)
  return plans
}

/** Throws TrainingError `bad-model` unless the model takes pictures of this shape and tells these classes apart. */
function checkShapes(plans: readonly LayerPlan[], dataset: Format): void {
  const input = plans[0]!.inputShape
  const size = dataset.shape[0] * dataset.shape[1]
  if (input.reduce((product, length) => product * length, 1) !== size) {
    throw new TrainingError('bad-model', `the model's inputShape [${input}] does not hold ${size} pixels`)
  }
  const output = plans[plans.length - 1]!.outputShape
  if (output.length !== 1 || output[0] !== dataset.classes) {
    const problem = `the model's last layer gives [${output}], the data set has ${dataset.classes} classes`
    throw new TrainingError('bad-model', `${problem}; end with a dense layer of ${dataset.classes} units`)
  }
}
