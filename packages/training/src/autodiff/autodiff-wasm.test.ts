import { describe } from 'vitest'
import { autodiffContract } from '../testing/autodiff-contract.ts'

describe('wasm engine', () => autodiffContract('wasm'))
