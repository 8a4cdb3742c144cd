import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { evasionProbes } from '../../src/assessment/report/probes-of.ts'
import { scratchFolders } from '../../src/base/testing.ts'
import { parseEnvelope, parseStatement } from '../../src/evidence/index.ts'
import { bartizan, reportIn } from '../assess/project.ts'
import { fixture } from '../support/fixtures.ts'

const newFolder = scratchFolders()
const [header = '', ...lines] = readFileSync(fixture('data/breast-cancer.csv'), 'utf8').trim().split(/\r?\n/)
const names = header.split(',').slice(0, 30)

describe('a model made of trees', () => {
  it('is certified and attacked: no attack does more than what is proved allows, gates look at the proof, and it is signed', async () => {
    const folder = newFolder()
    cpSync(fixture('models/breast-cancer-gbdt.onnx'), join(folder, 'trees.onnx'))
    const rows = lines.filter((line) => line.endsWith(',test')).slice(0, 40)
    writeFileSync(join(folder, 'rows.csv'), [header, ...rows].join('\n'))
    const gate = (id: string, least: number) =>
      `  - {id: ${id}, metric: certified-accuracy, norm: linf, epsilon: 0.02, at-least: ${least}}`
    writeFileSync(
      join(folder, 'bartizan.yaml'),
      [
        'model: {path: trees.onnx, input: {range: [0, 5000]}}',
        `data: {path: rows.csv, label: target, columns: [${names.join(', ')}]}`,
        'threat: {norms: [{norm: linf, epsilon: [0.005, 0.02, 0.2]}]}',
        'battery: [{attack: leaf-tuple}, {attack: mixed, params: {queries: 120}}, {attack: mixed-labels, params: {queries: 120}}]',
        'out: report',
        'gates:',
        gate('within-reach', 0),
        gate('out-of-reach', 1),
      ].join('\n'),
    )
    const { code, stdout, stderr } = await bartizan(folder, ['assess', 'bartizan.yaml'])
    expect([code, stderr.includes('error')]).toEqual([1, false])
    expect(stdout).toMatch(/certified/i)
    const { certified = [], probes, gates, evidence } = reportIn(folder)
    const [proof] = certified
    expect(proof).toMatchObject({ norm: 'linf', rows: 40 })
    expect(proof!.exact).toBeGreaterThan(35)
    const shares = proof!.points.map(({ accuracy }) => accuracy.value)
    expect(shares).toEqual(shares.toSorted((a, b) => b - a))
    expect(shares[0]).toBeGreaterThan(0.3)
    const attacked = evasionProbes({ probes })
    expect(new Set(attacked.map(({ attack }) => attack))).toEqual(new Set(['leaf-tuple', 'mixed', 'mixed-labels']))
    for (const { epsilon, accuracy } of proof!.points)
      for (const probe of attacked)
        if ((probe.epsilon ?? 0) <= epsilon)
          expect(probe.result?.robustAccuracy.value).toBeGreaterThanOrEqual(accuracy.value)
    expect(gates.map(({ id, passed, measured }) => ({ id, passed, measured }))).toEqual([
      { id: 'within-reach', passed: true, measured: proof!.points[1]!.accuracy },
      { id: 'out-of-reach', passed: false, measured: proof!.points[1]!.accuracy },
    ])
    const signed = evidence.digests.filter(({ name }) => name.startsWith('certified accuracy in linf at'))
    expect(signed).toHaveLength(3)
    const envelope = parseEnvelope(readFileSync(join(folder, signed[1]?.path ?? '')))
    expect(parseStatement(envelope.payload)).toMatchObject({
      predicate: { claim: 'certifiedAccuracy', value: proof!.points[1]!.accuracy, details: { exact: proof!.exact } },
    })
  }, 60_000)
})
