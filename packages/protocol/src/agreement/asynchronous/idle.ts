import type { Options } from '@hearsay/catalogue'
import type { AgreementFault } from '../../shell/named.ts'

/** Settings that do nothing beside the others, and why. */
export function idle({ variant, dampening, lipschitz }: Options): readonly Required<AgreementFault>[] {
  const all = (settings: readonly string[], message: string) => settings.map((setting) => ({ setting, message }))
  return [
    ...(variant === 'ordered'
      ? all(['mixEvery'], 'in an agreed order there is one model')
      : all(['remembered', 'timeoutMs'], 'it is of variant `ordered`')),
    ...(dampening === 'exponential' ? [] : all(['alpha'], 'it is of exponential dampening')),
    ...(lipschitz === 'none' ? all(['memory', 'escape'], 'there is no Lipschitz filter') : []),
  ]
}
