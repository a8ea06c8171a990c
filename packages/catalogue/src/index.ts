export { CodedError } from './coded-error.ts'
export { checkMember, type Kind, type Member, type MemberErrorCode, optionsOf, titled, unknownMember } from './kind.ts'
export {
  type ChoiceOption,
  describeOption,
  type NumberOption,
  type OptionDescriptor,
  type OptionDescriptors,
  type Options,
  type OptionValue,
} from './option.ts'
export { Registry } from './registry.ts'
export { suggestion } from './suggestion.ts'
