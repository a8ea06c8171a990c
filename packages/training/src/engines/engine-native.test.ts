import { describe } from 'vitest'
import { engineContract, nativeIsBuilt } from '../testing/engine-contract.ts'

describe.skipIf(!nativeIsBuilt())('native engine', () => engineContract('native'))
