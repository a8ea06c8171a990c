import { describe } from 'vitest'
import { samplesContract } from '../testing/samples-contract.ts'

describe('samples on the wasm engine', () => samplesContract('wasm'))
