/** What a schema found wrong, in words, with the path of what to point at: of the value, unless `at` says that it is the key. */
export interface Finding {
  readonly path: PropertyKey[]
  readonly at?: 'key'
  readonly message: string
  /** Characters into a text value. */
  readonly offset?: number
}
