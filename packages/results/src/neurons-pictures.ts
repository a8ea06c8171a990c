import { drawPicture, type Plot } from './picture.ts'
import { beyondThird, blue, faint, vermilion } from './plot-style.ts'

export interface NeuronsPicture {
  readonly name: string
  readonly setting: string
  /** What outputs may be off by. */
  readonly epsilon: number
  readonly panels: readonly {
    readonly title: string
    /** What fails, and how many there are. */
    readonly what: string
    readonly count: number
    /** By how much an output is off at most with so many failed, by each bound. */
    readonly growth: readonly { readonly failed: number; readonly bounds: Readonly<Record<string, number>> }[]
    /** The greatest that was found. */
    readonly injected?: { readonly failed: number; readonly greatest: number } | undefined
  }[]
}

const colours: Readonly<Record<string, string>> = { 'max-weight': beyondThird, absolute: blue }

/** What failed neurons or synapses of each layer do at most, against how many they are. */
export function drawNeurons({ name, setting, epsilon, panels }: NeuronsPicture): Promise<Plot> {
  return drawPicture({
    name,
    question: 'By how much can an output be off when parts of one layer fail?',
    setting,
    legend: [
      ...Object.entries(colours).map(([text, colour]) => ({
        shape: 'circle' as const,
        colour,
        text: `bound: ${text}`,
      })),
      { shape: 'cross', colour: vermilion, text: 'greatest that was tried' },
      { shape: 'interval', colour: faint, text: 'broken line: what is allowed' },
    ],
    panels: panels.map((panel) => panelOf(panel, epsilon)),
  })
}

function panelOf({ title, what, count, growth, injected }: NeuronsPicture['panels'][number], epsilon: number): object {
  const values = growth.flatMap(({ failed, bounds }) =>
    Object.entries(bounds).map(([bound, off]) => ({ failed, bound, off })),
  )
  // A label for each power of ten: more stand on each other.
  const axis = { format: '~g', tickCount: 4 }
  const x = {
    field: 'failed',
    type: 'quantitative',
    scale: { type: 'log', nice: false },
    title: `failed ${what}`,
    axis,
  }
  const y = { field: 'off', type: 'quantitative', scale: { type: 'log' }, title: null, axis }
  const color = {
    field: 'bound',
    type: 'nominal',
    scale: { domain: Object.keys(colours), range: Object.values(colours) },
    legend: null,
  }
  return {
    title: { text: [title], subtitle: [`${count} ${what}; off by at most`], frame: 'bounds' },
    description: `${title}, ${what}`,
    width: 340,
    height: 240,
    layer: [
      {
        data: { values: [{ off: epsilon }] },
        mark: { type: 'rule', color: faint, strokeDash: [5, 4] },
        encoding: { y },
      },
      {
        data: { values: values.filter(({ off }) => off > 0) },
        mark: { type: 'line', strokeWidth: 1.8, point: true },
        encoding: { x, y, color },
      },
      {
        data: {
          values:
            injected !== undefined && injected.greatest > 0
              ? [{ failed: injected.failed, off: injected.greatest }]
              : [],
        },
        mark: { type: 'point', shape: 'cross', filled: true, size: 90, opacity: 1, color: vermilion },
        encoding: { x, y },
      },
    ],
  }
}
