import { describe } from 'vitest'
import { engineContract } from './engine-contract.ts'

describe('wasm engine', () => engineContract('wasm'))
