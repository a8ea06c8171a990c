import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Byzfl, type ByzflAnswer, type ByzflRequest, checkByzfl, decodeOutputs } from './compare-byzfl/byzfl.ts'
import { type Comparison, compare, summarise } from './compare-byzfl/compare.ts'
import { difference, isAmong, overflowsFloat32 } from './compare-byzfl/difference.ts'
import { medianOf, paceOf, readExperiment } from './compare-byzfl/experiment.ts'
import { finitePart, type Input, makeInputs, rowsOf } from './compare-byzfl/inputs.ts'
import { printDifferences, printSpeeds } from './compare-byzfl/print.ts'
import { ruleComparisons } from './compare-byzfl/rules-table.ts'
import { speedCases, verdict } from './compare-byzfl/speed.ts'
import { readArguments } from './compare-byzfl.ts'

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearsay-compare-test-'))
})

afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
})

/** An executable that stands in for Python. */
async function interpreter(name: string, source: string): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, `#!${process.execPath}\n${source}`)
  await chmod(path, 0o755)
  return path
}

const base64 = (...numbers: number[]) => Buffer.from(Float64Array.from(numbers).buffer).toString('base64')

describe('inputs', () => {
  test('are the same every time, of every family, and only huge and non-finite ones are extreme', () => {
    const inputs = makeInputs()
    expect(inputs).toEqual(makeInputs())
    expect(new Set(inputs.map(({ family }) => family)).size).toBe(9)
    for (const { family, n, d, numbers } of inputs) {
      expect(numbers).toHaveLength(n * d)
      expect(numbers.every(Number.isFinite)).toBe(family !== 'non-finite')
      expect(numbers.some((value) => Number.isFinite(value) && Math.abs(value) > 1e20)).toBe(family === 'huge')
    }
  })

  test('the finite part lacks one row, and one to tolerate', () => {
    for (const input of makeInputs().filter(({ family }) => family === 'non-finite')) {
      const part = finitePart(input)
      expect([part.n, part.f]).toEqual([input.n - 1, input.f - 1])
      expect(rowsOf(part)[0]).toEqual(rowsOf(input)[0])
      expect(rowsOf(part)[1]).toEqual(rowsOf(input)[2])
    }
  })
})

describe('differences', () => {
  test('are relative to the largest magnitude', () => {
    expect(difference([1, 100], [1.5, 100])).toEqual({ absolute: 0.5, relative: 0.005 })
    expect(difference([0, 0], [0, 0])).toEqual({ absolute: 0, relative: 0 })
    for (const other of [[1, Number.NaN], [1], [1, 1 / 0]]) expect(difference([1, 1], other).relative).toBe(1 / 0)
  })

  test('a vector may be mixed of others only by coordinate', () => {
    const others = [
      [1, 20],
      [2, 10],
    ]
    expect(isAmong([1, 10], others, 1e-6, 'coordinate')).toBe(true)
    expect(isAmong([1, 10], others, 1e-6, 'vector')).toBe(false)
    expect(isAmong([1, 15], others, 1e-6, 'coordinate')).toBe(false)
    expect(isAmong([2, 10], others, 1e-6, 'vector')).toBe(true)
  })

  test('squares of 2e19 overflow float32', () => {
    expect(overflowsFloat32([Float32Array.of(1, 2e19)])).toBe(true)
    expect(overflowsFloat32([Float32Array.of(1, 1e19)])).toBe(false)
  })
})

describe('accounts', () => {
  const input: Input = { family: 'random', n: 2, f: 0, d: 2, numbers: Float32Array.of(1, 2, 3, 4) }
  const base: Comparison = {
    name: 'some',
    kind: 'rule',
    remarks: [],
    ours: () => [1, 2],
    byzfl: () => ({ class: 'Some', arguments: {} }),
  }

  const accountsOf = async (
    comparison: Partial<Comparison>,
    run: (request: ByzflRequest) => ByzflAnswer,
    given: Partial<Input> = {},
  ) => {
    const judgements = await compare(
      { ...base, ...comparison },
      [{ ...input, ...given }],
      { run: async (request) => run(request) },
      folder,
    )
    return judgements.map(({ account }) => account)
  }
  const other: ByzflAnswer = { outputs: [base64(7, 8)] }
  const same: ByzflAnswer = { outputs: [base64(1, 2)] }

  test('the same answer is equal, another one is unexplained', async () => {
    expect(await accountsOf({}, () => same)).toEqual(['equal', 'equal', 'equal'])
    expect(await accountsOf({}, () => other)).toEqual(['unexplained', 'unexplained', 'unexplained'])
    expect(await accountsOf({}, () => ({ error: 'cut' }))).toEqual(['unexplained', 'unexplained', 'unexplained'])
  })

  test('float32 is allowed more than float64', async () => {
    expect(await accountsOf({}, () => ({ outputs: [base64(1, 2.00002)] }))).toEqual(['unexplained', 'equal', 'equal'])
  })

  test('a tie is one only when another order of rows gives ours', async () => {
    const run = ({ trials }: ByzflRequest) => (trials ? { outputs: [base64(7, 8), base64(1, 2)] } : other)
    expect(await accountsOf({ ties: 'vector' }, run)).toEqual(['tie', 'tie', 'tie'])
    expect(await accountsOf({ ties: 'vector' }, () => other)).toEqual(['unexplained', 'unexplained', 'unexplained'])
    expect(await accountsOf({}, run)).toEqual(['unexplained', 'unexplained', 'unexplained'])
  })

  test('overflow excuses float32 only', async () => {
    const numbers = Float32Array.of(1, 2e19, 3, 4)
    expect(await accountsOf({}, () => other, { numbers })).toEqual(['unexplained', 'overflow', 'overflow'])
  })

  test('distances by products excuse PyTorch only, above 25 rows, and when differences give ours', async () => {
    const many = { n: 26, d: 2, numbers: new Float32Array(52) }
    const run = ({ plainDistances }: ByzflRequest) => (plainDistances ? same : other)
    expect(await accountsOf({}, run, many)).toEqual(['unexplained', 'unexplained', 'cdist'])
    expect(await accountsOf({}, run)).toEqual(['unexplained', 'unexplained', 'unexplained'])
  })

  test('an error or infinities of ours are never excused', async () => {
    const huge = { numbers: Float32Array.of(1, 2e19, 3, 4) }
    const throws = () => {
      throw new Error('no')
    }
    for (const ours of [throws, () => [Number.NaN, 1]]) {
      expect(new Set(await accountsOf({ ours, unjudged: true }, () => same, huge))).toEqual(new Set(['unexplained']))
    }
  })

  test('what is not judged is counted, and how often there is no result', async () => {
    const comparison: Comparison = { ...base, unjudged: true }
    const run = async ({ backend }: ByzflRequest) => (backend === 'torch' ? { error: 'cut after 5 s' } : other)
    const summary = summarise(comparison, await compare(comparison, [input], { run }, folder))
    expect(summary).toMatchObject({ accounts: { unjudged: 3 }, without: 1, unexplained: [] })
    expect(summary.largest.numpy64).toEqual({ absolute: 6, relative: 0.75 })
    expect(printDifferences([summary])).toContain('some: 3 not judged, 1 of them without a result')
  })

  test('all shuffles: ours must be one of them', async () => {
    const byzfl = () => ({ class: 'Some', arguments: {}, shuffles: true })
    expect(await accountsOf({ byzfl }, () => ({ outputs: [base64(7, 8), base64(1, 2)] }))).toEqual(['equal'])
  })

  test('a row that is not finite is kept from ByzFL', async () => {
    const seen: number[] = []
    const numbers = Float32Array.of(1, 2, Number.NaN, 4, 1, 2)
    const run = ({ n }: ByzflRequest) => {
      seen.push(n)
      return same
    }
    await accountsOf({}, run, { n: 3, f: 1, numbers })
    expect(seen).toEqual([2, 2, 2])
  })

  test('the summary counts, names what is unexplained, and prints it', async () => {
    const comparison: Comparison = { ...base, remarks: ['because'] }
    const run = async ({ backend }: ByzflRequest) => (backend === 'torch' ? other : same)
    const summary = summarise(comparison, await compare(comparison, [input], { run }, folder))
    expect(summary.accounts).toEqual({ equal: 2, unexplained: 1 })
    expect(summary.inputs).toBe(1)
    const text = printDifferences([summary, { ...summary, name: 'another', absent: 'not here yet', unexplained: [] }])
    expect(text).toContain('UNEXPLAINED some (torch; random, n = 2, f = 0, d = 2): 6.0e+0 absolute')
    expect(text).toContain('some: because')
    expect(text).toContain('another: not here yet')
  })
})

test('the table has ours under ByzFL conventions: the golden values', () => {
  const rows = [Float32Array.of(1, 2, 3), Float32Array.of(4, 5, 6), Float32Array.of(7, 8, 9)]
  const ours = (name: string) => ruleComparisons().find((each) => each.name === name)!.ours!(rows, 1)
  expect([...Array.from(ours('krum'))]).toEqual([1, 2, 3])
  expect([...Array.from(ours('median'))]).toEqual([4, 5, 6])
})

describe('speed', () => {
  const [median, bulyan] = ['median', 'bulyan'].map((name) => speedCases.find((each) => each.name === name)!)

  test('the ratio is to the better of both, and a bar is met or missed', () => {
    const line = { name: 'median', n: 32, f: 10, oursMs: 10, byzfl: { numpy32: 300, torch: 190 } }
    const missed = verdict(median!, line, [])
    expect(missed).toMatchObject({ ratio: 19, bar: '≥ 20', met: false })
    const cut = { ...line, byzfl: { numpy32: 300, torch: 'cut after 120 s' } }
    const met = verdict(median!, cut, [])
    expect(met).toMatchObject({ ratio: 30, met: true })
    const text = printSpeeds([missed, met], 1024)
    expect(text).toMatch(/19\.0 +≥ 20 +MISSED/)
    expect(text).toContain('median, torch: cut after 120 s')
  })

  test('a trimmed mean is measured by a copy of the same bytes', () => {
    const each = speedCases.find(({ copies }) => copies === 2)!
    const line = { name: each.name, n: 16, f: 5, oursMs: 20, copyInMs: 10, byzfl: { numpy32: 300 } }
    expect(verdict(each, line, [])).toMatchObject({ ratio: 15, bar: '≤ 2 copies', met: true })
    expect(verdict(each, { ...line, copyInMs: 9 }, []).met).toBe(false)
  })

  test('Bulyan is measured by Krum at its n', () => {
    const krum = { name: 'krum at n = 43', n: 43, f: 10, oursMs: 10 }
    const line = { name: 'bulyan', n: 43, f: 10, oursMs: 20 }
    expect(verdict(bulyan!, line, [krum]).met).toBe(false)
    expect(verdict(bulyan!, { ...line, oursMs: 19 }, [krum]).met).toBe(true)
    expect(verdict(bulyan!, line, [])).not.toHaveProperty('met')
  })
})

describe('arguments', () => {
  test('are read', () => {
    expect(readArguments(['--help'])).toBeUndefined()
    expect(readArguments(['--byzfl', 'a', '--python', 'b', '--only', 'krum', '--limit', '3'])).toEqual({
      byzfl: 'a',
      python: 'b',
      only: ['krum'],
      speed: false,
      length: 2 ** 20,
      limitMs: 3000,
      memoryBytes: 12 * 2 ** 30,
      json: false,
    })
  })

  test.each([
    [['--python', 'b'], /Both --byzfl DIR and --python PATH/],
    [['--byzfl', 'a', '--python', 'b', '--length', '1.5'], /--length must be an integer above 0, not "1.5"/],
    [['--byzfl', 'a', '--python', 'b', '--sped'], /--sped.*--help lists the options/],
  ])('%j is refused', (given, message) => {
    expect(() => readArguments(given)).toThrow(expect.objectContaining({ code: 'bad-arguments' }))
    expect(() => readArguments(given)).toThrow(message)
  })
})

describe('what is missing is said', () => {
  const directory = async () => {
    const inside = join(folder, 'clone', 'byzfl')
    for (const [room, file] of [
      ['aggregators', 'aggregators.py'],
      ['aggregators', 'preaggregators.py'],
      ['attacks', 'attacks.py'],
    ] as const) {
      await mkdir(join(inside, room), { recursive: true })
      await writeFile(join(inside, room, file), '')
    }
    return join(folder, 'clone')
  }

  test('ByzFL, Python, and its modules', async () => {
    const clone = await directory()
    await expect(checkByzfl(join(folder, 'nowhere'), 'python3')).rejects.toThrow(/git clone https/)
    await expect(checkByzfl(join(clone, 'byzfl'), 'python3')).rejects.toThrow(`the package itself: give ${clone}.`)
    await expect(checkByzfl(clone, join(folder, 'no-python'))).rejects.toMatchObject({ code: 'no-python' })
    const bare = await interpreter('bare', "console.log('numpy torch')")
    await expect(checkByzfl(clone, bare)).rejects.toThrow(`has no numpy, torch: ${bare} -m pip install numpy torch`)
    const whole = await interpreter('whole', "console.log('')")
    await expect(checkByzfl(clone, whole)).resolves.toBeUndefined()
  })
})

describe('the process', () => {
  const request: ByzflRequest = {
    kind: 'aggregator',
    class: 'Some',
    arguments: {},
    backend: 'torch',
    input: 'none',
    n: 1,
    d: 1,
    seed: 1,
  }
  const driver = `
    const { createInterface } = require('node:readline')
    console.log(JSON.stringify({ python: '3' }))
    createInterface({ input: process.stdin }).on('line', (line) => {
      const { class: name } = JSON.parse(line)
      if (name === 'Slow') return
      if (name === 'Dies') { console.error('killed by something'); process.exit(1) }
      console.log(JSON.stringify({ outputs: ['${base64(1.5, -2)}'] }))
    })`

  test('answers, is cut when it takes too long, may die, and is started again', async () => {
    const python = await interpreter('driver.cjs', driver)
    const byzfl = new Byzfl({ directory: folder, python, memoryBytes: 2 ** 30 })
    try {
      expect(await byzfl.start()).toEqual({ python: '3' })
      expect(decodeOutputs(await byzfl.run(request, 60_000))).toEqual([Float64Array.of(1.5, -2)])
      expect(await byzfl.run({ ...request, class: 'Slow' }, 10)).toEqual({ error: 'cut after 0.01 s' })
      expect(decodeOutputs(await byzfl.run(request, 60_000))).toHaveLength(1)
      expect((await byzfl.run({ ...request, class: 'Dies' }, 60_000)).error).toContain('the process ended')
      expect(decodeOutputs(await byzfl.run(request, 60_000))).toHaveLength(1)
    } finally {
      byzfl.stop()
    }
  })

  test('that cannot load ByzFL says why', async () => {
    const python = await interpreter('broken.cjs', "console.error('ModuleNotFoundError: x'); process.exit(1)")
    const byzfl = new Byzfl({ directory: folder, python, memoryBytes: 2 ** 30 })
    await expect(byzfl.start()).rejects.toThrow(/could not be loaded.*ModuleNotFoundError: x/)
  })
})

describe('one cell of the grid', () => {
  const lines = [1, 2, 3, 4].map((round) => ({
    text: `  round ${round} of 4   certified by 10 of 10`,
    atS: round ** 2,
    cpuS: 3 * round,
  }))
  const run = { code: 0, lines: [{ text: 'Cell 1 of 1', atS: 0, cpuS: 0 }, ...lines], tookS: 20, errors: '' }

  test('is paced by its rounds after those that warm it up', () => {
    expect(paceOf(run, 1)).toEqual({ wallS: 5, cpuS: 3 })
    expect(paceOf(run, 2)).toEqual({ wallS: 6, cpuS: 3 })
    expect(() => paceOf({ ...run, code: 1, errors: 'no data' }, 1)).toThrow('code 1 after 4 rounds: no data')
    expect(() => paceOf({ ...run, lines: lines.slice(0, 2) }, 1)).toThrow('after 2 rounds')
    expect([medianOf([3, 1, 2]), medianOf([4, 1, 2, 3])]).toEqual([2, 2.5])
  })

  test('takes its arguments, and needs the data', () => {
    expect(readExperiment(['--experiment', '--help'])).toBeUndefined()
    const given = readExperiment(['--experiment', '--data', '/mnist', '--rounds', '5'])
    expect(given).toMatchObject({ data: '/mnist', rounds: 5, warmUp: 2, signatures: 'modelled', byzfl: undefined })
    expect(() => readExperiment(['--experiment'])).toThrow('--data DIR')
    expect(() => readExperiment(['--experiment', '--data', 'd', '--rounds', '0'])).toThrow('--rounds must be')
    expect(() => readExperiment(['--experiment', '--dta', 'd'])).toThrow('--dta')
  })
})
