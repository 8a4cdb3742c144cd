import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { scratchFolders } from '../../src/base/testing.ts'
import { drawLineage, isSound } from '../../src/cli/work/lineage.ts'
import type { Lineage } from '../../src/contract/lineage.ts'
import { createMeasurement, createStatement, recordEvidence, type Statement } from '../../src/evidence/index.ts'
import { provenanceType, runDigest, trainingProvenance } from '../../src/evidence/slsa/index.ts'
import { tool } from './pipeline.ts'

const newFolder = scratchFolders()
const digest = (byte: string) => ({ sha256: byte.repeat(32) })
const artefact = (name: string, byte: string) => ({ name, digest: digest(byte) })
const [data, base, model] = [artefact('data.csv', '01'), artefact('base.onnx', '02'), artefact('hard.onnx', '03')]
const test = artefact('test.csv', '04')

const provenance = trainingProvenance({
  outputs: [model],
  command: 'harden',
  parameters: { method: 'trades', seed: 0 },
  dataSets: [data],
  baseModel: base,
  assessmentSets: [test],
  versions: { bartizan: '0.1.0' },
  execution: { finishedOn: new Date('2026-01-02T03:04:05Z') },
})
const measurement = (run?: string): Statement =>
  createMeasurement([base, model, data, test], {
    claim: 'hardening',
    value: { value: 0.9, low: 0.8, high: 1, n: 60 },
    method: { id: 'trades', params: {}, seed: 0 },
    tool,
    ...(run !== undefined && { digests: { run: { sha256: run } } }),
  })

const recorded = async (...statements: readonly Statement[]): Promise<string> => {
  const root = newFolder()
  await recordEvidence({ root, statements })
  return root
}
const lineageIn = async (root: string, named?: string, forward = false): Promise<Lineage> =>
  (await drawLineage(named, { forward, format: 'text', namespace: 'n', project: root })).lineage
const names = ({ nodes }: Lineage) => nodes.flatMap((node) => (node.type === 'artefact' ? node.names : [])).sort()
const titles = ({ nodes }: Lineage) => nodes.flatMap((node) => (node.type === 'step' ? [node.title] : [])).sort()
const foreign = (predicate: Readonly<Record<string, unknown>>): Statement =>
  createStatement({ subject: [model], predicateType: provenanceType, predicate })

describe('a training run', () => {
  it('is told once: by its provenance, and what was measured in it makes nothing', async () => {
    const lineage = await lineageIn(await recorded(provenance, measurement(runDigest(provenance))))
    expect(titles(lineage)).toEqual(['harden: trades', 'measured hardening'])
    const made = lineage.edges.filter(({ to }) => to === model.digest.sha256)
    expect(made.length).toBe(1)
  })

  it('is still told by the measurement where no provenance of this very run is there', async () => {
    for (const run of [undefined, 'ab'.repeat(32)]) {
      const root = await recorded(measurement(run))
      expect(names(await lineageIn(root, 'data.csv', true))).toEqual(['data.csv', 'hard.onnx'])
    }
    // The same model of another run: neither may hide what the other was made of.
    const other = trainingProvenance({
      outputs: [model],
      command: 'train',
      parameters: { method: 'standard' },
      dataSets: [artefact('other.csv', '05')],
      versions: {},
    })
    const both = await recorded(other, measurement(runDigest(provenance)))
    expect(names(await lineageIn(both, 'hard.onnx'))).toEqual([
      'base.onnx',
      'data.csv',
      'hard.onnx',
      'other.csv',
      'test.csv',
    ])
  })

  it('is not made to vanish by a planted provenance that does not verify', async () => {
    const root = await recorded(measurement(runDigest(provenance)))
    const stranger = newFolder()
    const { records } = await recordEvidence({ root: stranger, statements: [provenance] })
    const [{ path, sha256 }] = records
    writeFileSync(`${root}/.bartizan/evidence/${sha256}.dsse.json`, readFileSync(path))
    const lineage = await lineageIn(root, 'data.csv', true)
    expect(isSound(lineage)).toBe(false)
    expect(lineage.edges.filter(({ to, verified }) => to === model.digest.sha256 && verified).length).toBe(1)
  })
})

describe('SLSA provenance of other builders', () => {
  const runDetails = { builder: { id: 'https://example.com/builder' } }
  const from = (resolvedDependencies: unknown) =>
    foreign({
      buildDefinition: {
        buildType: 'https://example.com/training-pipeline/v2',
        externalParameters: {},
        resolvedDependencies,
      },
      runDetails,
    })

  it('carries the lineage on, whatever their dependencies are called', async () => {
    const root = await recorded(
      from([{ uri: 'git+https://example.com/code', digest: { gitCommit: 'ab'.repeat(20) } }, data, { name: 'odd' }]),
    )
    const lineage = await lineageIn(root, 'data.csv', true)
    expect({ names: names(lineage), titles: titles(lineage) }).toEqual({
      names: ['data.csv', 'hard.onnx'],
      titles: ['built: training-pipeline'],
    })
  })

  it('is read where it names no dependencies, or is malformed beside them', async () => {
    expect(titles(await lineageIn(await recorded(from(null))))).toEqual(['built: training-pipeline'])
    const careless = foreign({ buildDefinition: { buildType: 'make', resolvedDependencies: [data] } })
    expect(names(await lineageIn(await recorded(careless), 'data.csv', true))).toEqual(['data.csv', 'hard.onnx'])
    const ours = foreign({
      ...provenance.predicate,
      buildDefinition: { ...Object(provenance.predicate?.buildDefinition), externalParameters: {} },
    })
    expect(names(await lineageIn(await recorded(ours), 'data.csv', true))).toEqual(['data.csv', 'hard.onnx'])
  })
})
