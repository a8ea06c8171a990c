/** What a schema found wrong, in words, with the path of the value or of the key to point at. */
export interface Finding {
  readonly path: PropertyKey[]
  readonly at: 'key' | 'value'
  readonly message: string
  /** Characters into a text value. */
  readonly offset?: number
}
