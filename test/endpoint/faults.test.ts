import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { forward } from '../../src/models/program.ts'
import { type Fault, type ModelServer, modelServer, type ServerOptions } from './server.ts'
import { logitsOf, newFolder, opened, served, shown, size } from './support.ts'

const servers: ModelServer[] = []

const serve = async (options: Omit<ServerOptions, 'model'> = {}): Promise<ModelServer> => {
  const server = await modelServer({ model: served, ...options })
  servers.push(server)
  return server
}

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
})

/** The fault in the given requests; the first settles how answers are read. */
const at =
  (fault: Fault, ...numbers: readonly number[]) =>
  (number: number): Fault | undefined =>
    numbers.includes(number) ? fault : undefined

describe('failures that pass', () => {
  it.each([
    ['a 500', { status: 500 }],
    ['a reset connection', 'reset'],
    ['truncated JSON', 'truncated'],
    ['a late answer', 'slow'],
  ] as const)('%s is asked again, and the answer used', async (_title, fault) => {
    const { url, answered } = await serve({ fault: at(fault, 1) })
    const timeout = fault === 'slow' ? 1 : 30
    const endpoint = await opened({ url: `${url}/v2/models/m`, batch: 8, concurrency: 1, timeout })
    await logitsOf(endpoint, 16)
    expect(answered.size).toBe(16)
    expect(endpoint.use()).toMatchObject({ failed: 1, asked: 1 + 15 + 8 })
  })

  it('429: nothing is sent before the time that Retry-After names', async () => {
    const { url, requests } = await serve({ fault: at({ status: 429, headers: { 'retry-after': '1' } }, 1) })
    const endpoint = await opened({ url: `${url}/v2/models/m`, batch: 2, concurrency: 3 })
    await logitsOf(endpoint, 12)
    // Those under way when the server asked for quiet were sent before.
    const later = requests.slice(4).map((request) => request.at - requests[1]!.at)
    expect(later.length).toBeGreaterThan(0)
    expect(Math.min(...later)).toBeGreaterThanOrEqual(990)
  })

  it('a wait that is longer than allowed ends the run and says so', async () => {
    const { url } = await serve({ fault: at({ status: 429, headers: { 'retry-after': '3600' } }, 1) })
    const endpoint = await opened({ url: `${url}/v2/models/m`, 'longest-wait': 1 })
    await expect(logitsOf(endpoint, 4)).rejects.toMatchObject({ code: 'ENDPOINT_FAILED', message: /3600 s/ })
  })
})

describe('failures that stay', () => {
  it('are told after the retries, and what was answered is not asked again by the next run', async () => {
    let broken = true
    const { url, answered } = await serve({ fault: (number) => (broken && number >= 3 ? { status: 503 } : undefined) })
    const folder = newFolder()
    const config = { url: `${url}/v2/models/m`, batch: 4, concurrency: 1, retries: 1 }
    const first = await opened(config, {}, folder)
    await expect(logitsOf(first, 24)).rejects.toMatchObject({
      code: 'ENDPOINT_FAILED',
      message: /503.*2 attempts/,
      hint: /--resume/,
    })
    await first.release()
    broken = false
    const second = await opened(config, {}, folder)
    await logitsOf(second, 24)
    expect([...answered.values()]).toEqual(Array.from({ length: 24 }, () => 1))
    expect(second.use().asked).toBe(24 + 8)
  })

  it('a refused request is not repeated, and the token is in no message and no file', async () => {
    const said = (token: string): Fault => ({ status: 403, text: `no access for ${token}` })
    const { url, requests } = await serve({ fault: (number) => (number === 1 ? said('s3cret-token') : undefined) })
    const folder = newFolder()
    const config = { url: `${url}/v2/models/m`, token: 'MODEL_TOKEN', headers: { 'x-team': 'TEAM' } }
    const environment = { MODEL_TOKEN: 's3cret-token', TEAM: 'red' }
    const endpoint = await opened(config, { environment }, folder)
    const error = await logitsOf(endpoint, 4).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'ENDPOINT_FAILED', message: /403.*\(secret\)/, hint: /token/ })
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('s3cret')
    expect(requests[0]!.headers).toMatchObject({ authorization: 'Bearer s3cret-token', 'x-team': 'red' })
    expect(requests.length).toBe(2)
    for (const name of readdirSync(folder))
      expect(readFileSync(join(folder, name)).includes(Buffer.from('s3cret'))).toBe(false)
    await expect(opened(config)).rejects.toMatchObject({ code: 'CONFIG_INVALID', message: /MODEL_TOKEN/ })
  })

  it('redirects are not followed', async () => {
    const other = await serve()
    const location = `${other.url}/v2/models/m/infer`
    const { url } = await serve({ fault: at({ status: 307, headers: { location } }, 0) })
    await expect(opened({ url: `${url}/v2/models/m` })).rejects.toMatchObject({
      code: 'ENDPOINT_FAILED',
      message: /307.*redirect/,
    })
    expect(other.requests).toEqual([])
  })

  it('an answer larger than allowed is not read to its end', async () => {
    const { url } = await serve({ fault: at({ status: 200, text: 'x'.repeat(100_000) }, 1) })
    const endpoint = await opened({ url: `${url}/v2/models/m`, 'largest-answer': 20_000 })
    await expect(logitsOf(endpoint, 4)).rejects.toMatchObject({ code: 'ENDPOINT_FAILED', message: /20000 bytes/ })
  })

  it('a page of HTML in place of an answer is repeated, then told', async () => {
    const page = '<!doctype html><html><body>Sign in</body></html>'
    const fault = (number: number): Fault | undefined => (number > 0 ? { status: 200, text: page } : undefined)
    const { url } = await serve({ fault })
    const endpoint = await opened({ url: `${url}/v2/models/m`, retries: 1 })
    await expect(logitsOf(endpoint, 4)).rejects.toMatchObject({
      code: 'ENDPOINT_FAILED',
      message: /not JSON: <!doctype html>.*2 attempts/,
    })
    expect(endpoint.use()).toMatchObject({ failed: 2, retried: 1 })
  })

  it('an endpoint that never answers is given up after so many attempts of so many seconds', async () => {
    const { url } = await serve({ fault: (number) => (number > 0 ? 'silent' : undefined) })
    const endpoint = await opened({ url: `${url}/v2/models/m`, timeout: 0.1, retries: 1, 'longest-wait': 0.1 })
    await expect(logitsOf(endpoint, 4)).rejects.toMatchObject({
      code: 'ENDPOINT_FAILED',
      message: /no answer within 0.1 s \(2 attempts\)/,
    })
  })

  it('nothing listens', async () => {
    const { url, close } = await serve()
    await close()
    await expect(opened({ url: `${url}/v2/models/m`, retries: 0 })).rejects.toMatchObject({
      code: 'ENDPOINT_FAILED',
      message: /refused/,
    })
  })
})

describe('answers that are no use name the row', () => {
  const spoilt = (spoil: (row: number[]) => unknown) => (all: number[][], request: number) => ({
    predictions: all.map((row, i) => (request === 1 && i === 2 ? spoil(row) : row)),
  })

  it.each([
    ['NaN', (row: number[]) => row.map(() => null), /NaN/],
    ['too few scores', (row: number[]) => row.slice(1), /9 scores/],
    ['a label', () => 'seven', /"seven"/],
    ['no probabilities', (row: number[]) => row.map((share) => share + 1), /no probability/],
  ] as const)('%s', async (_title, spoil, message) => {
    const { url, answered } = await serve({ answer: spoilt(spoil) })
    const folder = newFolder()
    const endpoint = await opened({ url: `${url}/invocations` }, {}, folder)
    await expect(logitsOf(endpoint, 8)).rejects.toMatchObject({
      code: 'MODEL_OUTPUT_INVALID',
      message,
      data: { row: 3 },
    })
    await endpoint.release()
    // The other rows of that answer are kept.
    const again = await opened({ url: `${url}/invocations` }, {}, folder)
    await logitsOf(again, 8)
    expect([...answered.values()].sort()).toEqual([1, 1, 1, 1, 1, 1, 1, 2])
  })

  it("Python's NaN, which is no JSON", async () => {
    const { url } = await serve({
      fault: at({ status: 200, text: '{"predictions": [[NaN, 0.1, 0.2, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1]]}' }, 1),
    })
    const endpoint = await opened({ url: `${url}/invocations`, batch: 1 })
    await expect(logitsOf(endpoint, 2)).rejects.toMatchObject({ code: 'MODEL_OUTPUT_INVALID', message: /NaN/ })
  })

  it('fewer answers than rows', async () => {
    const { url } = await serve({ answer: (all, request) => ({ predictions: request === 1 ? all.slice(1) : all }) })
    const endpoint = await opened({ url: `${url}/invocations` })
    await expect(logitsOf(endpoint, 8)).rejects.toMatchObject({ code: 'MODEL_OUTPUT_INVALID', message: /6 items/ })
  })
})

describe('limits', () => {
  it('nothing is asked beyond the budget, and the error says what is left', async () => {
    const { url, requests } = await serve()
    const folder = newFolder()
    const config = { url: `${url}/v2/models/m`, batch: 4, budget: 10 }
    const endpoint = await opened(config, {}, folder)
    await logitsOf(endpoint, 6)
    await expect(logitsOf(endpoint, 12)).rejects.toMatchObject({
      code: 'BUDGET_SPENT',
      data: { budget: 10, asked: 6, left: 4, rows: 6 },
    })
    expect(requests.reduce((sum, { rows }) => sum + rows, 0)).toBe(6)
    await endpoint.release()
    const raised = await opened({ ...config, budget: 12 }, {}, folder)
    await logitsOf(raised, 12)
    expect(requests.reduce((sum, { rows }) => sum + rows, 0)).toBe(12)
  })

  it('repeated requests count', async () => {
    const { url, requests } = await serve({ fault: (number) => (number >= 1 ? { status: 500 } : undefined) })
    const endpoint = await opened({ url: `${url}/v2/models/m`, batch: 4, budget: 10 })
    await expect(logitsOf(endpoint, 5)).rejects.toMatchObject({ code: 'BUDGET_SPENT' })
    expect(requests.reduce((sum, { rows }) => sum + rows, 0)).toBeLessThanOrEqual(10)
  })

  it('so many requests a second', async () => {
    const { url, requests } = await serve()
    const endpoint = await opened({ url: `${url}/v2/models/m`, batch: 1, rate: 20 })
    await logitsOf(endpoint, 8)
    const gaps = requests.slice(1).map((request, i) => request.at - requests[i]!.at)
    expect(gaps.reduce((sum, gap) => sum + gap, 0)).toBeGreaterThan(7 * 50 - 60)
  })

  it('secrets are sent over http to no other machine', async () => {
    const config = { url: 'http://models.example/v2/models/m', token: 'T' }
    await expect(opened(config, { environment: { T: 'x' } })).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
  })
})

describe('answers that differ between calls', () => {
  it('are counted with how far off they are, and asked twice once a run, whatever interrupts it', async () => {
    let flip = false
    const answer = (all: number[][], request: number) => ({
      predictions: all.map((row, i) => (flip && request > 0 && i % 2 === 0 ? [...row].reverse() : row)),
    })
    const { url, requests } = await serve({ answer })
    const folder = newFolder()
    const config = { url: `${url}/invocations`, concurrency: 1 }
    const endpoint = await opened(config, {}, folder)
    const x = shown.x.slice(0, 8 * size)
    const program = await endpoint.program(forward)
    await program.run(8, { x })
    flip = true
    const measured = await endpoint.repeat(x, 8)
    expect(measured).toEqual({ rows: 8, otherLabel: 4, otherScores: 4, largest: expect.any(Number) })
    expect(measured.largest).toBeGreaterThan(0.9)
    expect(endpoint.use().repeated).toEqual(measured)
    await endpoint.release()
    const asked = requests.length
    const resumed = await opened(config, {}, folder)
    expect(await resumed.repeat(x, 8)).toEqual(measured)
    expect(requests.length).toBe(asked)
  })
})

describe('answers that are kept', () => {
  it('hold wherever the process was cut off: only what was not whole is asked again', async () => {
    const { url, requests } = await serve()
    const folder = newFolder()
    const config = { url: `${url}/v2/models/m`, batch: 4, concurrency: 1 }
    const first = await opened(config, {}, folder)
    const expected = await logitsOf(first, 20)
    await first.release()
    const path = join(folder, readdirSync(folder)[0]!)
    const whole = readFileSync(path)
    const asked = new Set<number>()
    for (const share of [0, 0.01, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 0.99, 1]) {
      writeFileSync(path, whole.subarray(0, Math.round(share * whole.length)))
      const before = requests.length
      const again = await opened(config, {}, folder)
      expect(await logitsOf(again, 20)).toEqual(expected)
      const more = requests.slice(before).reduce((sum, { rows }) => sum + rows, 0)
      // A block that was cut holds at most a batch of answers, and each batch is a fifth of the file.
      expect(more).toBeLessThanOrEqual(Math.ceil((1 - share) * 20) + 4)
      expect(again.use().sent).toBe(more)
      asked.add(more)
      await again.release()
      const after = requests.length
      const third = await opened(config, {}, folder)
      expect(await logitsOf(third, 20)).toEqual(expected)
      expect(requests.length).toBe(after)
      await third.release()
    }
    expect(asked.size).toBeGreaterThan(4)
    expect(asked).toContain(0)
  })

  it('bytes that were damaged are asked again', async () => {
    const { url, requests } = await serve()
    const folder = newFolder()
    const config = { url: `${url}/v2/models/m`, batch: 4, concurrency: 1 }
    const first = await opened(config, {}, folder)
    const expected = await logitsOf(first, 8)
    await first.release()
    const path = join(folder, readdirSync(folder)[0]!)
    const bytes = readFileSync(path)
    bytes[bytes.length - 30]! ^= 1
    writeFileSync(path, bytes)
    const before = requests.length
    expect(await logitsOf(await opened(config, {}, folder), 8)).toEqual(expected)
    expect(requests.length).toBeGreaterThan(before)
  })
})
