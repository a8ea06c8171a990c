/** What failing neurons of a model do, in words. */
import type { Moments } from '@hearsay/training/neurons'
import type { LayerReport, NeuronsReport } from './neurons-report.ts'

const told = (value: number): string => String(Number(value.toPrecision(3)))
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`

export function neuronsText(report: NeuronsReport): string {
  const { epsilon, fault, layers, weakest, together, samples } = report
  const said = [
    `Outputs may be off by ε = ${told(epsilon)}; a neuron that fails ${fault === 'crash' ? 'sends 0' : 'sends anything between its greatest values'}.\n\n`,
    ...tableOf([
      ['layer', 'neurons', '', 'C', 'max-weight: one', 'tolerated', 'absolute: one', 'tolerated'],
      ...layers.map(({ layer, neurons, activation, off, bounds }) => [
        String(layer),
        String(neurons),
        activation,
        told(off),
        told(bounds['max-weight'].one),
        String(bounds['max-weight'].tolerated),
        told(bounds.absolute.one),
        String(bounds.absolute.tolerated),
      ]),
    ]),
    `\nWeakest: layer ${weakest['max-weight']} by the greatest weights, layer ${weakest.absolute} by absolute ones.\n`,
    `With ${together.failed.join(', ')} failed at once: off by at most ${told(together.bounds['max-weight'])} (max-weight), ${told(together.bounds.absolute)} (absolute).\n`,
  ]
  const { safe } = together
  if (safe !== undefined)
    said.push(
      `Of ${samples} predictions that cannot change: ${percent(safe['max-weight'])} (max-weight), ${percent(safe.absolute)} (absolute).\n`,
    )
  if (samples !== undefined) said.push(...injectedText(layers))
  if (report.crash !== undefined) said.push(...crashText(report.crash, layers))
  if (report.copies !== undefined)
    said.push(
      `\nCopies of which the median counts: ${report.copies.copies}; the source has ${report.copies.published}, which is too few (docs/neurons.md).\n`,
    )
  return said.join('')
}

function injectedText(layers: readonly LayerReport[]): string[] {
  const cut = layers.filter((layer) => layer.cut !== undefined)
  return [
    '\nTried, at random and along gradients:\n\n',
    ...tableOf([
      ['layer', 'failed', 'tries', 'off at most', 'bound (absolute)', 'class changed'],
      ...layers.map(({ layer, injected }) => {
        const { failed, tries, greatest, bound, changed } = injected!
        return [String(layer), String(failed), String(tries), told(greatest), told(bound), percent(changed)]
      }),
    ]),
    ...cut.map(
      ({ layer, cut: cap }) => `Layer ${layer} has to be cut at ${told(cap!)}: beyond, nothing is promised.\n`,
    ),
  ]
}

function crashText(p: number, layers: readonly LayerReport[]): string[] {
  const cell = ({ mean, variance }: Moments): string => `${told(mean)} ± ${told(Math.sqrt(variance))}`
  return [
    `\nWhen each neuron of a layer crashes with p = ${p}, the greatest output changes by, mean and deviation:\n\n`,
    ...tableOf([
      ['layer', 'b3, gradient', 'b4, each alone', 'drawn'],
      ...layers.map(({ layer, crashes }) => [
        String(layer),
        cell(crashes!.b3),
        cell(crashes!.b4),
        cell(crashes!.drawn),
      ]),
    ]),
  ]
}

function tableOf(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  return rows.map(
    (row) =>
      `${row
        .map((cell, at) => cell.padStart(widths[at]!))
        .join('  ')
        .trimEnd()}\n`,
  )
}
