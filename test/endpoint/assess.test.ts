import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { renderHtml, renderMarkdown, renderText } from '../../src/assessment/report/index.ts'
import { evasionProbes } from '../../src/assessment/report/probes-of.ts'
import { assessmentFrom } from '../../src/cli/work/assessment.ts'
import { runAttackCommand } from '../../src/cli/work/attack-command.ts'
import { type Report, reportSchema } from '../../src/contract/index.ts'
import { holdLock } from '../../src/evidence/index.ts'
import { example } from '../support/fixtures.ts'
import { start } from '../support/process.ts'
import { type Fault, type ModelServer, modelServer, type ServerOptions } from './server.ts'
import { newFolder, served } from './support.ts'

const servers: ModelServer[] = []

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
})

const serve = async (options: Omit<ServerOptions, 'model'> = {}): Promise<ModelServer> => {
  const server = await modelServer({ model: served, ...options })
  servers.push(server)
  return server
}

/** A project whose model is behind `url`. */
const project = (url: string, endpoint = ''): string => {
  const folder = newFolder()
  for (const name of ['images-idx3-ubyte', 'labels-idx1-ubyte']) cpSync(example(`digits/${name}`), join(folder, name))
  writeFileSync(
    join(folder, 'bartizan.yaml'),
    `model:
  endpoint: {url: "${url}", batch: 16, concurrency: 2${endpoint}}
data: {path: images-idx3-ubyte, labels: labels-idx1-ubyte, scale: 1/255, rows: "0:12"}
threat: {norms: [{norm: linf, epsilon: [0.1]}]}
battery:
  - {attack: pgd, params: {steps: 2}}
  - {attack: square, params: {queries: 30}, rows: 8}
  - {attack: hopskipjump, params: {queries: 150}, rows: 3}
out: report
`,
  )
  return folder
}

const quiet = { start: () => {}, update: () => {}, end: () => {} }

const assessed = async (
  folder: string,
  { resume = false, askAgain = false }: { readonly resume?: boolean; readonly askAgain?: boolean } = {},
): Promise<Report> => {
  const config = join(folder, 'bartizan.yaml')
  const { report } = await assessmentFrom({ config, resume, askAgain, output: 'auto', threads: 1, progress: quiet })
  return report
}

const withoutTimes = ({ timing: _, evidence: __, config: ___, model, ...report }: Report, url: string): unknown =>
  JSON.parse(JSON.stringify({ ...report, model: { ...model, sha256: '' } }).replaceAll(url, 'URL'))

describe('bartizan assess on an endpoint', () => {
  it('runs what works on scores and labels, and says what it left out and what was asked', async () => {
    const { url, requests } = await serve()
    const folder = project(`${url}/v2/models/m`)
    const report = reportSchema.parse(await assessed(folder))
    expect(report.model).toMatchObject({
      outputKind: 'probabilities',
      differentiable: false,
      endpoint: { protocol: 'v2', name: 'm', version: '3', gives: 'scores' },
    })
    expect(report.notRun).toEqual([{ probe: 'pgd-linf-0.1', reason: expect.stringContaining('behind an API') }])
    const square = evasionProbes(report).find(({ attack }) => attack === 'square')!
    expect(square.result!.robustAccuracy.value).toBeLessThanOrEqual(square.result!.cleanAccuracy.value)
    expect(square.reproduce).toContain('--endpoint bartizan.yaml')
    expect(report.probes.flatMap(({ flags }) => flags)).toEqual([])
    const { asked, failed } = report.timing.endpoint!
    expect(asked).toBe(requests.reduce((sum, { rows }) => sum + rows, 0))
    expect(failed).toBe(0)
    const html = await renderHtml(report, new Map())
    expect(html).toContain('Open Inference Protocol v2')
    expect(html).toContain('Rows asked')
  })

  it('killed with SIGKILL at several moments and resumed asks no row twice, and ends with the numbers of an undisturbed run', async () => {
    const undisturbed = await serve()
    const whole = await assessed(project(`${undisturbed.url}/v2/models/m`, ', repeats: 0'))
    let kill: (() => void) | undefined
    let silentFrom = Number.POSITIVE_INFINITY
    const fault = (number: number): Fault | undefined => {
      if (number < silentFrom) return undefined
      // Silent from here on: what was answered before has time to arrive.
      setTimeout(() => kill?.(), 300)
      return 'silent'
    }
    const { url, answered, requests } = await serve({ fault })
    const folder = project(`${url}/v2/models/m`, ', repeats: 0')
    // Among the clean rows, and within an attack; test/endpoint/faults.test.ts cuts the kept answers everywhere.
    for (const [i, more] of [1, 12].entries()) {
      silentFrom = requests.length + more
      const { child, ended } = start(['assess', ...(i > 0 ? ['--resume'] : [])], { cwd: folder })
      kill = () => child.kill('SIGKILL')
      await ended
      expect(child.signalCode).toBe('SIGKILL')
    }
    const before = answered.size
    expect(before).toBeGreaterThan(12)
    silentFrom = Number.POSITIVE_INFINITY
    const resumed = await assessed(folder, { resume: true })
    expect(answered.size).toBeGreaterThan(before)
    expect(new Set(answered.values())).toEqual(new Set([1]))
    expect(answered.size).toBe(undisturbed.answered.size)
    expect(withoutTimes(resumed, url)).toEqual(withoutTimes(whole, undisturbed.url))
  })

  it('asks nothing again in a later run but what is asked twice, which shows a model exchanged since; unless it is told to', async () => {
    let exchanged = false
    const answer = (all: number[][]) => ({ predictions: exchanged ? all.map((row) => [...row].reverse()) : all })
    const { url, requests } = await serve({ answer })
    const folder = project(`${url}/invocations`, ', repeats: 5')
    const first = await assessed(folder)
    expect(first.timing.endpoint).toMatchObject({ repeated: { rows: 5, otherLabel: 0, otherScores: 0, largest: 0 } })
    const asked = requests.reduce((sum, { rows }) => sum + rows, 0)
    const second = await assessed(folder)
    expect(withoutTimes(second, url)).toEqual(withoutTimes(first, url))
    expect(second.timing.endpoint).toMatchObject({ asked: asked + 5, sent: 5, requests: 1, failed: 0, retried: 0 })
    expect(second.timing.endpoint!.since).toBe(first.timing.endpoint!.since)
    exchanged = true
    const third = await assessed(folder)
    expect(third.timing.endpoint!.repeated!.otherLabel).toBe(5)
    expect(third.probes.find(({ attack }) => attack === 'square')!.flags[0]).toMatchObject({
      id: 'answers-differ',
      message: expect.stringContaining('an earlier run'),
    })
    const anew = await assessed(folder, { askAgain: true })
    expect(anew.clean.accuracy.value).toBeLessThan(0.5)
    expect(anew.timing.endpoint!.asked).toBe(asked + 10 + anew.timing.endpoint!.sent)
    await expect(assessed(folder, { askAgain: true, resume: true })).rejects.toMatchObject({ code: 'USAGE' })
    const lines = ['Rows asked', 'Rows known', 'Requests', 'rows a second', 'Rows asked twice', '5 with another label']
    const forms = [await renderHtml(third, new Map()), renderText(third, 400), renderMarkdown(third)]
    for (const text of forms) for (const line of lines) expect(text.toLowerCase()).toContain(line.toLowerCase())
  })

  it('is refused while another run asks the same endpoint, which keeps its answers', async () => {
    const { url, requests } = await serve()
    const folder = project(`${url}/v2/models/m`)
    await assessed(folder)
    const before = requests.length
    const [id] = readdirSync(join(folder, '.bartizan/answers'))
    const free = await holdLock(join(folder, '.bartizan/answers', id!, 'lock'))
    await expect(assessed(folder)).rejects.toMatchObject({
      code: 'RUN_CONFLICT',
      message: expect.stringContaining('answers of this endpoint'),
    })
    free()
    expect(requests.length).toBe(before)
    await assessed(folder, { resume: true })
    expect(requests.length).toBe(before)
  })

  it('flags answers that differ from call to call', async () => {
    const answer = (all: number[][], request: number) => ({
      predictions: all.map((row) => row.map((share, i) => (share + (i === request % 10 ? 0.5 : 0)) / 1.5)),
    })
    const { url } = await serve({ answer })
    const report = await assessed(project(`${url}/invocations`))
    const flags = report.probes.filter(({ result }) => result).map((probe) => probe.flags.map(({ id }) => id))
    for (const ids of flags) expect(ids).toContain('answers-differ')
    const { repeated } = report.timing.endpoint!
    expect(repeated).toMatchObject({ rows: 12, otherScores: 12 })
    expect(repeated!.largest).toBeGreaterThan(0.2)
    expect(repeated!.largest).toBeLessThan(0.4)
    expect(report.probes.flatMap((probe) => probe.flags)[0]!.message).toContain('largest difference of a probability')
  })

  it('labels only: attacks on scores are left out, with the reason', async () => {
    const answer = (all: number[][]) => ({ predictions: all.map((row) => row.indexOf(Math.max(...row))) })
    const { url } = await serve({ answer })
    const report = await assessed(project(`${url}/invocations`, ', gives: labels, classes: 10'))
    expect(report.notRun.map(({ probe }) => probe)).toEqual(['pgd-linf-0.1', 'square-linf-0.1'])
    expect(report.notRun[1]!.reason).toContain('labels only')
  })
})

describe('bartizan attack run --endpoint', () => {
  const command = (endpoint: string) => ({
    name: 'square',
    endpoint,
    data: example('digits/images-idx3-ubyte'),
    labels: example('digits/labels-idx1-ubyte'),
    scale: 1 / 255,
    rows: { from: 0, to: 4 },
    eps: 0.2,
    set: [['queries', '20']] as const,
    output: 'auto' as const,
    range: [0, 1] as const,
    threads: 1,
    seed: 0,
    progress: quiet,
  })

  it('takes an address or a file, and tells what was asked', async () => {
    const { url } = await serve()
    const folder = newFolder()
    const file = join(folder, 'endpoint.yaml')
    writeFileSync(file, `url: ${url}/v2/models/m\nrepeats: 2\n`)
    const here = process.cwd()
    process.chdir(folder)
    try {
      const { result } = await runAttackCommand(command(file))
      expect(result.endpoint!.asked).toBeGreaterThan(4)
      expect(result.answersThatDiffer).toBe(0)
      const again = await runAttackCommand({ ...command(file), resume: true })
      expect(again.result.endpoint!.asked).toBe(result.endpoint!.asked)
      expect(again.result.robustAccuracy).toEqual(result.robustAccuracy)
      await expect(runAttackCommand({ ...command(file), name: 'pgd', set: [] })).rejects.toMatchObject({
        message: /behind an API/,
      })
      writeFileSync(file, 'url: ftp://x/y\nbach: 3\n')
      await expect(runAttackCommand(command(file))).rejects.toMatchObject({
        code: 'CONFIG_INVALID',
        message: /endpoint.yaml:2:1.*did you mean "batch"/s,
      })
    } finally {
      process.chdir(here)
    }
    expect(readFileSync(file, 'utf8')).toContain('ftp')
  })
})
