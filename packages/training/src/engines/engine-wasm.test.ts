import { describe } from 'vitest'
import { engineContract } from '../testing/engine-contract.ts'

describe('wasm engine', () => engineContract('wasm'))
