import { cpSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { evasionProbes } from '../../src/assessment/report/probes-of.ts'
import { reportSchema } from '../../src/contract/index.ts'
import { verifyEvidence } from '../../src/evidence/index.ts'
import { fixture } from '../support/fixtures.ts'
import { bartizan, newProject, reportIn } from './project.ts'

const threat = (...surrogates: readonly string[]): string =>
  `threat: {surrogates: [${surrogates.join(', ')}], norms: [{norm: linf, epsilon: [0.2]}]}\n`
const battery = 'battery: [{attack: fgsm}, {attack: transfer, params: {steps: 4}}]\n'

/** A project with these models beside the one that is assessed. */
const projectWith = (more: string, ...models: readonly string[]): string => {
  const folder = newProject(more)
  for (const name of models) cpSync(fixture(`models/${name}.onnx`), join(folder, `${name}.onnx`))
  return folder
}

describe('bartizan assess with surrogates', async () => {
  const more = `${threat('mnist-backdoor.onnx', 'mnist-overfit.onnx')}${battery}`
  const folder = projectWith(more, 'mnist-backdoor', 'mnist-overfit')
  const { code, stdout, stderr } = await bartizan(folder, ['assess'])
  const report = reportSchema.parse(reportIn(folder))
  const [matrix, ...others] = report.transfer!
  const probe = evasionProbes(report).find(({ attack }) => attack === 'transfer')!

  it('measures the transfer matrix and says the same in every form of the report', () => {
    expect(code, stderr).toBe(0)
    expect(others).toEqual([])
    expect(matrix!.models.map(({ name }) => name)).toEqual(['digits.onnx', 'mnist-backdoor.onnx', 'mnist-overfit.onnx'])
    expect(matrix!.params).toMatchObject({ steps: 4, ensemble: 'logits' })
    expect(matrix!.crafted.map(({ on }) => on)).toEqual([[1], [2], [1, 2]])
    expect(matrix!.clean[0]).toEqual(report.clean.accuracy)
    const value = (row: number, column: number): number => matrix!.crafted[row]!.robust[column]!.value
    // What was made on a model breaks that model best.
    expect(value(0, 1)).toBeLessThan(value(1, 1))
    expect(value(1, 2)).toBeLessThan(value(0, 2))
    for (const { robust } of matrix!.crafted)
      for (const [column, figure] of robust.entries()) {
        expect(figure.n).toBe(64)
        expect(figure.value).toBeLessThanOrEqual(matrix!.clean[column]!.value)
      }
    // The probe is the ensemble on the assessed model.
    expect(matrix!.crafted[2]!.robust[0]).toEqual(probe.result!.robustAccuracy)
    expect(probe.result!.queries).toEqual({ forward: 0, gradient: 0 })
    expect(probe.reproduce).toContain('--surrogate mnist-backdoor.onnx --surrogate mnist-overfit.onnx')
    expect(report.findings.map(({ id }) => id)).toContain('transfer-linf')
    expect(report.evidence.digests.map(({ name }) => name)).toContain('surrogate mnist-overfit.onnx')
    expect(stdout).toContain('made on all')
    const file = (name: string): string => readFileSync(join(folder, 'report', name), 'utf8')
    expect(file('report.html')).toContain('<section id="transfer"')
    expect(file('report.md')).toContain('made on mnist-overfit.onnx')
  })

  it('is signed, figure by figure', async () => {
    expect((await verifyEvidence(folder)).findings).toEqual([])
    const signed = report.evidence.digests.find(({ name }) => name.startsWith('transfer matrix in linf'))!
    const { payload } = JSON.parse(readFileSync(join(folder, signed.path!), 'utf8'))
    const { predicate } = JSON.parse(Buffer.from(payload, 'base64').toString('utf8'))
    expect(predicate).toMatchObject({ claim: 'transferMatrix', value: matrix!.crafted[2]!.robust[0] })
    expect(predicate.details).toMatchObject({ models: matrix!.models, clean: matrix!.clean, crafted: matrix!.crafted })
    expect(predicate.digests['surrogate 2'].sha256).toBe(matrix!.models[2]!.sha256)
  })

  it('gives a command that gives the same figure', async () => {
    const again = await bartizan(folder, [...probe.reproduce!.split(' ').slice(1), '--json', '-'])
    expect(again.code, again.stderr).toBe(0)
    expect(JSON.parse(again.stdout).robustAccuracy).toEqual(probe.result!.robustAccuracy)
  })

  it('takes nothing over from a run with another surrogate of the same name', async () => {
    cpSync(fixture('models/mnist-cnn-at.onnx'), join(folder, 'mnist-overfit.onnx'))
    const resumed = await bartizan(folder, ['assess', '--resume'])
    expect(resumed.code, resumed.stderr).toBe(0)
    expect(reportIn(folder).transfer![0]!.models[2]!.sha256).not.toBe(matrix!.models[2]!.sha256)
    expect(reportIn(folder).transfer![0]!.crafted[1]!.robust).not.toEqual(matrix!.crafted[1]!.robust)
  })

  it('refuses a surrogate that is not there, before anything is measured', async () => {
    const { code, stderr } = await bartizan(newProject(`${threat('nowhere.onnx')}${battery}`), ['assess'])
    expect(code, stderr).toBe(3)
    expect(stderr).toMatch(/error FILE_NOT_FOUND: .*nowhere\.onnx/)
    expect(stderr).not.toContain('clean rows')
  })
})

it('bartizan attack run refuses a surrogate of another shape', async () => {
  const files = '--model digits.onnx --data images-idx3-ubyte --labels labels-idx1-ubyte --scale 1/255 --rows 0:4'
  const attack = `attack run transfer ${files} --eps 0.1 --surrogate ${fixture('models/breast-cancer-mlp.onnx')}`
  const { code, stderr } = await bartizan(newProject(''), attack.split(' '))
  expect(code, stderr).toBe(3)
  expect(stderr).toMatch(
    /error MODEL_UNSUPPORTED: .* takes rows of \[30\] and knows 2 classes; the model takes rows of \[1,28,28\]/,
  )
})
