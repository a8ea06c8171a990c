/**
 * Writes the data of the scenarios about data of one's own, which are made up and the same on every machine:
 *
 *     node scripts/reference/write-example-data.ts
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { zipSync } from 'fflate'
import { activity } from './example-data/activity.ts'
import { census } from './example-data/census.ts'
import { garmentNames, garments } from './example-data/garments.ts'
import { channels, sensors, states, steps } from './example-data/sensors.ts'

const folder = join(import.meta.dirname, '../../scenarios/data')

/** The files by name. */
export function exampleData(): Map<string, string | Uint8Array> {
  const [garmentsTrain, garmentsTest] = [garments('train', 1200), garments('test', 400)]
  const [sensorsTrain, sensorsTest] = [sensors('train', 900), sensors('test', 300)]
  return new Map<string, string | Uint8Array>([
    ['activity.csv', activity()],
    ['census.csv', census()],
    [
      'garments.npz',
      npz({
        x_train: npy('|u1', [1200, 28, 28], garmentsTrain.images),
        y_train: npy('|u1', [1200], garmentsTrain.labels),
        x_test: npy('|u1', [400, 28, 28], garmentsTest.images),
        y_test: npy('|u1', [400], garmentsTest.labels),
      }),
    ],
    [
      'sensors.npz',
      npz({
        x_train: npy('<f4', [900, steps, channels], sensorsTrain.readings),
        y_train: npy('|u1', [900], sensorsTrain.labels),
        x_test: npy('<f4', [300, steps, channels], sensorsTest.readings),
        y_test: npy('|u1', [300], sensorsTest.labels),
      }),
    ],
  ])
}

function npy(type: string, shape: readonly number[], values: Uint8Array | Float32Array): Uint8Array {
  const sides = shape.length === 1 ? `${shape[0]},` : shape.join(', ')
  const dictionary = `{'descr': '${type}', 'fortran_order': False, 'shape': (${sides}), }`
  const size = Math.ceil((10 + dictionary.length + 1) / 64) * 64 - 10
  const start = Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, size % 256, size >> 8])
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
  return Buffer.concat([start, Buffer.from(`${dictionary.padEnd(size - 1)}\n`), bytes])
}

/** With one time for all, so that the same arrays make the same file. */
function npz(arrays: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const files = Object.entries(arrays).map(([name, bytes]) => [`${name}.npy`, bytes])
  return zipSync(Object.fromEntries(files), { level: 9, mtime: new Date(1980, 0, 1) })
}

if (import.meta.main) {
  mkdirSync(folder, { recursive: true })
  for (const [name, content] of exampleData()) writeFileSync(join(folder, name), content)
  console.log(`garments: ${garmentNames.join(', ')}; states of the machine: ${states.join(', ')}`)
}
