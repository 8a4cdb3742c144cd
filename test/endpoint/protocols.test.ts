import { afterEach, describe, expect, it } from 'vitest'
import { argmaxRows } from '../../src/base/argmax.ts'
import { type ModelServer, modelServer, type ServerOptions } from './server.ts'
import { expectedLogits, logitsOf, opened, served, shown, size } from './support.ts'

const rows = 10
let server: ModelServer

const serve = async (options: Omit<ServerOptions, 'model'> = {}): Promise<ModelServer> => {
  server = await modelServer({ model: served, ...options })
  return server
}

afterEach(() => server.close())

const largestDifference = (a: Float32Array, b: Float32Array): number =>
  a.reduce((largest, value, i) => Math.max(largest, Math.abs(value - b[i]!)), 0)

describe('a model behind an API gives the logits of the same model as a file', () => {
  it.each([
    ['v2, infer', '/v2/models/m/infer', {}, 'v2'],
    ['v2, the model alone', '/v2/models/m', {}, 'v2'],
    ['TensorFlow Serving, rows', '/v1/models/m:predict', {}, 'tensorflow'],
    ['TensorFlow Serving, columnar', '/v1/models/m:predict', { layout: 'columnar' }, 'tensorflow'],
    ['TensorFlow Serving, named input', '/v1/models/m:predict', { input: 'x' }, 'tensorflow'],
    ['MLflow, inputs', '/invocations', {}, 'mlflow'],
    ['MLflow, dataframe', '/invocations', { layout: 'dataframe' }, 'mlflow'],
    [
      'a template for many rows',
      '/score',
      { protocol: 'json', request: { rows: '$rows', version: 2 }, scores: '/predictions' },
      'json',
    ],
    [
      'a template for one row',
      '/score',
      { protocol: 'json', request: { row: '$row' }, scores: '/predictions/0' },
      'json',
    ],
  ] as const)('%s', async (_title, path, more, protocol) => {
    const { url } = await serve()
    const endpoint = await opened({ url: `${url}${path}`, batch: 4, ...more })
    expect(endpoint.endpoint).toMatchObject({ protocol, gives: 'scores', note: 'http, on this machine' })
    expect(endpoint.classes).toBe(10)
    expect(endpoint.output.kind).toBe('probabilities')
    expect(endpoint.input.dims).toEqual([1, 28, 28])
    const [expected, found] = [await expectedLogits(rows), await logitsOf(endpoint, rows)]
    // Server and caller batch rows in different ways, which may change the last bits of unlikely classes.
    expect(largestDifference(found, expected)).toBeLessThan(1e-3)
    expect(argmaxRows(found, 10)).toEqual(argmaxRows(expected, 10))
    expect([...server.answered.values()]).toEqual(Array.from({ length: rows }, () => 1))
    expect(endpoint.use()).toMatchObject({ asked: rows, cached: 1, failed: 0 })
    await endpoint.release()
  })

  it('names and versions of the server are told', async () => {
    const { url } = await serve()
    const v2 = await opened({ url: `${url}/v2/models/m` })
    expect(v2.endpoint).toMatchObject({ name: 'm', version: '3' })
    expect(v2.input.name).toBe('pixels')
    const tf = await opened({ url: `${url}/v1/models/m` })
    expect(tf.endpoint).toMatchObject({ name: 'm', version: '7' })
  })

  it('sends what preprocessing makes of rows, and keeps answers by the rows themselves', async () => {
    const { url } = await serve()
    const raw = await opened({ url: `${url}/v2/models/m` })
    const expected = await logitsOf(raw, 4)
    const doubled = { ...shown, x: shown.x.map((value) => 2 * value + 1) }
    const halved = await opened(
      { url: `${url}/v2/models/m` },
      {
        preprocessing: { mean: [1], std: [2] },
        data: { shape: [1, 28, 28], first: async () => doubled.x.slice(0, size) },
      },
    )
    const program = await halved.program({ key: 'logits', inputs: {}, build: () => ({}) })
    const { logits } = await program.run(4, { x: doubled.x.slice(0, 4 * size) })
    expect(largestDifference(logits!, expected)).toBeLessThan(1e-2)
    expect(argmaxRows(logits!, 10)).toEqual(argmaxRows(expected, 10))
  })
})

describe('answers of other kinds', () => {
  const json = (url: string) => ({ url: `${url}/score`, protocol: 'json', request: { rows: '$rows' } }) as const
  const best = (row: number[]): number => row.indexOf(Math.max(...row))
  const names = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine']

  it('labels by name, wherever they are', async () => {
    const answer = (all: number[][]) => ({ result: all.map((row) => ({ top: { label: names[best(row)] } })) })
    const { url } = await serve({ answer })
    const endpoint = await opened({ ...json(url), labels: '/result/*/top/label', classes: names })
    expect(endpoint.output.kind).toBe('predicted-class')
    expect(endpoint.endpoint.gives).toBe('labels')
    const found = await logitsOf(endpoint, rows)
    expect(argmaxRows(found, 10)).toEqual(argmaxRows(await expectedLogits(rows), 10))
    expect([...new Set(found)].sort((a, b) => a - b)).toEqual([Math.fround(Math.log(1.1754944e-38)), 0])
  })

  it('labels by number, from a server that only has labels', async () => {
    const { url } = await serve({ answer: (all) => ({ predictions: all.map(best) }) })
    const endpoint = await opened({ url: `${url}/invocations`, gives: 'labels', classes: 10 })
    expect(argmaxRows(await logitsOf(endpoint, rows), 10)).toEqual(argmaxRows(await expectedLogits(rows), 10))
  })

  it('scores by name', async () => {
    const answer = (all: number[][]) => all.map((row) => Object.fromEntries(names.map((name, i) => [name, row[i]])))
    const { url } = await serve({ answer })
    const endpoint = await opened({ ...json(url), scores: '', classes: names })
    expect(argmaxRows(await logitsOf(endpoint, rows), 10)).toEqual(argmaxRows(await expectedLogits(rows), 10))
    await expect(opened({ ...json(url), scores: '' })).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
  })

  it('one probability for the second of two classes', async () => {
    const { url } = await serve({ answer: (all) => ({ predictions: all.map((row) => row[7]) }) })
    const endpoint = await opened({ url: `${url}/invocations` })
    expect([endpoint.output.kind, endpoint.classes]).toEqual(['binary-probability', 2])
    const found = await logitsOf(endpoint, rows)
    const expected = await expectedLogits(rows)
    for (let row = 0; row < rows; row++) {
      const share = Math.exp(expected[row * 10 + 7]!)
      expect(1 / (1 + Math.exp(-found[2 * row + 1]!))).toBeCloseTo(share, 4)
    }
  })

  it('logits stay what they are', async () => {
    const answer = (all: number[][]) => ({ predictions: all.map((row) => row.map((share, i) => share * 10 - i)) })
    const { url } = await serve({ answer })
    const endpoint = await opened({ url: `${url}/invocations` })
    expect(endpoint.output.kind).toBe('logits')
  })
})
