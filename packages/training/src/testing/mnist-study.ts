/** The real digits and an engine for the figures of networks that fail. */
import { type Engine, loadEngine } from '../engines/engine.ts'
import type { Dataset } from '../pictures/datasets/dataset.ts'
import { loadDataset } from '../pictures/datasets.ts'

/** 10,000 training and 2,000 test pictures of a folder, and the engine that every machine has. */
export async function mnistStudy(data: string): Promise<{ readonly engine: Engine; readonly data: Dataset }> {
  const request = { data, trainSamples: 10_000, testSamples: 2_000 }
  return { engine: await loadEngine('wasm'), data: await loadDataset('mnist', request) }
}
