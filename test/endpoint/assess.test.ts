import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { renderHtml } from '../../src/assessment/report/index.ts'
import { assessmentFrom } from '../../src/cli/work/assessment.ts'
import { runAttackCommand } from '../../src/cli/work/attack-command.ts'
import { type Report, reportSchema } from '../../src/contract/index.ts'
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

const assessed = async (folder: string, resume = false): Promise<Report> => {
  const config = join(folder, 'bartizan.yaml')
  const { report } = await assessmentFrom({ config, resume, output: 'auto', threads: 1, progress: quiet })
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
    const square = report.probes.find(({ attack }) => attack === 'square')!
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

  it('killed with SIGKILL and resumed asks no row twice, and ends with the numbers of an undisturbed run', async () => {
    const undisturbed = await serve()
    const whole = await assessed(project(`${undisturbed.url}/v2/models/m`, ', repeats: 0'))
    let kill: (() => void) | undefined
    const fault = (number: number): Fault | undefined => {
      if (!kill || number < 12) return undefined
      // Silent from here on: what was answered before has time to arrive.
      setTimeout(kill, 500)
      return 'silent'
    }
    const { url, answered } = await serve({ fault })
    const folder = project(`${url}/v2/models/m`, ', repeats: 0')
    const { child, ended } = start(['assess'], { cwd: folder })
    kill = () => child.kill('SIGKILL')
    await ended
    expect(child.signalCode).toBe('SIGKILL')
    const before = answered.size
    expect(before).toBeGreaterThan(12)
    kill = undefined
    const resumed = await assessed(folder, true)
    expect(answered.size).toBeGreaterThan(before)
    expect(new Set(answered.values())).toEqual(new Set([1]))
    expect(answered.size).toBe(undisturbed.answered.size)
    expect(withoutTimes(resumed, url)).toEqual(withoutTimes(whole, undisturbed.url))
  })

  it('flags answers that differ from call to call', async () => {
    const answer = (all: number[][], request: number) => ({
      predictions: all.map((row) => row.map((share, i) => (share + (i === request % 10 ? 0.5 : 0)) / 1.5)),
    })
    const { url } = await serve({ answer })
    const report = await assessed(project(`${url}/invocations`))
    const flags = report.probes.filter(({ result }) => result).map((probe) => probe.flags.map(({ id }) => id))
    for (const ids of flags) expect(ids).toContain('answers-differ')
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
