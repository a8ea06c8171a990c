import { describeOption, type OptionDescriptors } from '@hearsay/catalogue'

/** Options as data, each with what it may be in words. */
export function describeOptions(options: OptionDescriptors): Record<string, object> {
  return Object.fromEntries(
    Object.entries(options).map(([name, option]) => [name, { ...option, value: describeOption(option) }]),
  )
}
