import { describe } from 'vitest'
import { autodiffContract } from '../testing/autodiff-contract.ts'
import { nativeIsBuilt } from '../testing/engine-contract.ts'

describe.skipIf(!nativeIsBuilt())('native engine', () => autodiffContract('native'))
