// A model of one's own, for sensors.yaml: an LSTM over series. What a model may be: docs/models.md.
import { defineTask } from '@hearsay/training/define-task'

export const tasks = [
  defineTask({
    name: 'series',
    summary: 'series of readings, in an LSTM',
    options: { units: { kind: 'integer', summary: 'of the LSTM', least: 1, most: 512, default: 12 } },
    model: ({ layers, sequential }, { shape, outputs, options }) =>
      sequential({
        layers: [
          layers.lstm({ units: Number(options.units), inputShape: [...shape] }),
          layers.dense({ units: outputs }),
        ],
      }),
  }),
]
