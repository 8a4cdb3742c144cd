import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { reportSchema } from '../../src/contract/index.ts'
import { example } from '../support/fixtures.ts'
import { bartizan, type Ended, scratch } from './bartizan.ts'

const file = scratch()

const configuration = (atLeast: number): string => `
model: {path: ${JSON.stringify(example('digits/digits.onnx'))}, input: {units: byte/255}}
data:
  path: ${JSON.stringify(example('digits/images-idx3-ubyte'))}
  labels: ${JSON.stringify(example('digits/labels-idx1-ubyte'))}
  rows: "0:8"
  scale: 1/255
threat: {norms: [{norm: linf, epsilon: 0.1}]}
battery: [{attack: fgsm}]
gates: [{id: robust, metric: robust-accuracy, norm: linf, epsilon: 0.1, at-least: ${atLeast}}]
`

const project = async (name: string, text: string): Promise<string> => {
  await mkdir(file(name))
  await writeFile(join(file(name), 'bartizan.yaml'), text)
  return join(file(name), 'bartizan.yaml')
}

describe('bartizan assess and verify', () => {
  let held: Ended
  beforeAll(async () => {
    held = await bartizan('assess', await project('held', configuration(0.1)), '--json', '-')
  })

  it('exits with 0 where the gates held, and gives report.json', async () => {
    expect(held.exitCode, held.stderr).toBe(0)
    const report = reportSchema.parse(JSON.parse(held.stdout))
    expect(report.gates).toMatchObject([{ id: 'robust', passed: true }])
    expect(held.stdout).toBe(await readFile(join(file('held'), 'report.json'), 'utf8'))
    expect(held.stderr).toMatch(/^clean rows: accuracy/)
    expect(held.stderr).toContain('report.html')
  })

  it('exits with 1 where a gate did not hold, and puts the reports where --out says', async () => {
    const flags = ['--out', file('elsewhere'), '--seed', '5']
    const { exitCode, stdout, stderr } = await bartizan('assess', await project('failed', configuration(1)), ...flags)
    expect(exitCode, stderr).toBe(1)
    expect(stdout).toContain('FAILED: robust')
    const report = reportSchema.parse(JSON.parse(await readFile(join(file('elsewhere'), 'report.json'), 'utf8')))
    expect(report).toMatchObject({ seed: 5, verdict: 'failed', exitCode: 1 })
  })

  it('names line and nearest key of a mistake in the configuration, and exits with 2', async () => {
    const path = await project('typo', configuration(0.1).replace('battery:', 'batery:'))
    const { exitCode, stdout, stderr } = await bartizan('assess', path)
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toMatch(/error CONFIG_INVALID: .*bartizan\.yaml:9:1: .*batery.*battery/)
  })

  it('verifies what was recorded, and exits with 1 once it was changed', async () => {
    const intact = await bartizan('verify', file('held'))
    expect(intact, intact.stderr).toMatchObject({ exitCode: 0 })
    expect(intact.stdout).toMatch(/2 records verified.*\n.*\nPASSED/)
    const evidence = join(file('held'), '.bartizan', 'evidence')
    const names = await readdir(evidence, { recursive: true })
    const envelope = join(evidence, names.find((name) => name.endsWith('.dsse.json'))!)
    await writeFile(envelope, (await readFile(envelope, 'utf8')).replace('payload', 'paylaod'))
    const changed = await bartizan('verify', file('held'), '--json', '-')
    expect(changed.exitCode).toBe(1)
    expect(JSON.parse(changed.stdout)).toMatchObject({ verdict: 'failed' })
    expect(changed.stderr).toContain('FAILED')
  })

  it('does not pass a folder in which nothing is recorded', async () => {
    await mkdir(file('empty'))
    const { exitCode, stdout } = await bartizan('verify', file('empty'))
    expect(exitCode).toBe(1)
    expect(stdout).toContain('INCONCLUSIVE')
    expect((await bartizan('verify', join(dirname(file('empty')), 'nowhere'))).exitCode).toBe(3)
  })
})
