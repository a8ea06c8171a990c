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
