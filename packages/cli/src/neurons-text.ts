/** What failing neurons of a model do, in words. */
import type { Moments } from '@hearsay/training/neurons'
import type { LayerReport, NeuronsReport } from './neurons-report.ts'

const told = (value: number): string => String(Number(value.toPrecision(3)))
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`

export function neuronsText(report: NeuronsReport): string {
  const { epsilon, layers, weakest, together, samples } = report
  const said = [
    `Outputs may be off by ε = ${told(epsilon)}; ${faultText(report)}.\n\n`,
    ...tableOf([
      ['layer', 'neurons', '', 'C', 'max-weight: one', 'tolerated', 'absolute: one', 'tolerated'],
      ...layers.map((layer) => [
        String(layer.layer),
        String(layer.count),
        layer.kind === 'convolution' ? `channels, ${layer.activation}` : layer.activation,
        ...boundCells(layer),
      ]),
    ]),
    `\nWeakest: layer ${weakest['max-weight']} by the greatest weights, layer ${weakest.absolute} by absolute ones.\n`,
    `With ${together.failed.join(', ')} failed at once: off by at most ${told(together.bounds['max-weight'])} (max-weight), ${told(together.bounds.absolute)} (absolute)${together.injected === undefined ? '' : `; of ${together.injected.tries} tries ${told(together.injected.greatest)}`}.\n`,
  ]
  if (layers.some(({ kind }) => kind === 'convolution'))
    said.push('The bound by the greatest weights takes a convolution for a dense layer, and is void.\n')
  const { safe } = together
  if (safe !== undefined)
    said.push(
      `Of ${samples} predictions that cannot change: ${percent(safe['max-weight'])} (max-weight), ${percent(safe.absolute)} (absolute).\n`,
    )
  said.push(...consequencesText(report))
  if (report.synapses !== undefined) said.push(...synapsesText(report.synapses))
  if (samples !== undefined) said.push(...injectedText(report))
  if (report.crash !== undefined) said.push(...crashText(report.crash, layers))
  if (report.copies !== undefined)
    said.push(
      `\nCopies of which the median counts: ${report.copies.copies}; the source has ${report.copies.published}, which is too few (docs/neurons.md).\n`,
    )
  return said.join('')
}

function faultText({ fault, off }: NeuronsReport): string {
  if (off !== undefined) return `what fails is off by at most ${told(off)}`
  return `a neuron that fails ${fault === 'crash' ? 'sends 0' : 'sends anything between its greatest values'}`
}

type Part = Pick<LayerReport, 'layer' | 'count' | 'off' | 'bounds' | 'injected'>

function boundCells({ off, bounds }: Part): string[] {
  const { 'max-weight': most, absolute } = bounds
  return [told(off), told(most.one), String(most.tolerated), told(absolute.one), String(absolute.tolerated)]
}

function consequencesText({ layers, precision }: NeuronsReport): string[] {
  return [
    '\nWhat follows, by the absolute bound:\n\n',
    ...tableOf([
      ['layer', 'go on after', 'round by', 'copies for one'],
      ...layers.map(({ layer, count, consequences: { after, precision, copies } }) => [
        String(layer),
        after === undefined ? '' : `${after} of ${count}`,
        told(precision),
        String(copies),
      ]),
    ]),
    `All neurons together may round by ${told(precision)}.\n`,
  ]
}

function synapsesText(synapses: readonly Part[]): string[] {
  return [
    '\nOf synapses, which fail as neurons do:\n\n',
    ...tableOf([
      ['into', 'synapses', 'C', 'max-weight: one', 'tolerated', 'absolute: one', 'tolerated'],
      ...synapses.map((part, at) => [nameOf(at, synapses.length), String(part.count), ...boundCells(part)]),
    ]),
  ]
}

/** Of the layer that synapses lead into. */
const nameOf = (at: number, of: number): string => (at === of - 1 ? 'output' : `layer ${at + 1}`)

function injectedText({ layers, synapses = [] }: NeuronsReport): string[] {
  const cut = layers.filter((layer) => layer.cut !== undefined)
  const row = (name: string, { injected }: Part): string[] => {
    const { failed, tries, greatest, bound, changed } = injected!
    return [name, String(failed), String(tries), told(greatest), told(bound), percent(changed)]
  }
  return [
    '\nTried, at random and along gradients:\n\n',
    ...tableOf([
      ['', 'failed', 'tries', 'off at most', 'bound (absolute)', 'class changed'],
      ...layers.map((part) => row(`layer ${part.layer}, neurons`, part)),
      ...synapses.map((part, at) => row(`${nameOf(at, synapses.length)}, synapses`, part)),
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
