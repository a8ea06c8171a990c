import { describe } from 'vitest'
import { nativeIsBuilt } from '../testing/engine-contract.ts'
import { samplesContract } from '../testing/samples-contract.ts'

describe.skipIf(!nativeIsBuilt())('samples on the native engine', () => samplesContract('native'))
