import type { Member, Options } from '@hearsay/catalogue'

/** Labelled pictures: `images` holds one byte a pixel, sample after sample, row by row. */
export interface Samples {
  images: Uint8Array
  labels: Uint8Array
}

export interface Format {
  /** Height and width of a picture, pixels. */
  shape: [number, number]
  classes: number
}

export interface Dataset extends Format {
  train: Samples
  test: Samples
}

/** What of labelled pictures dividing them depends on. */
export type Outline = Format & { readonly train: Pick<Samples, 'labels'> }

/** What a task says of its data beside their name. */
export interface DataRequest {
  /** Folder of files. */
  readonly data?: string | undefined
  readonly trainSamples?: number | undefined
  readonly testSamples?: number | undefined
}

/** Where pictures come from: a data set by name. The same request gives the same pictures on every machine. */
export interface DataSource<Name extends string = string> extends Member<Name> {
  /** Throws TrainingError `data-missing`, `bad-data`. */
  load(request: DataRequest, options: Options): Dataset | Promise<Dataset>
  /** The same without pictures, where that is had for less; awaits `turn` now and then. */
  outline?(request: DataRequest, options: Options, turn: () => Promise<void>): Promise<Outline>
  /** Whether it is read from the folder that a task names as `data`. */
  readonly folder?: true
}
