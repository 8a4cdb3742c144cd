import { describe, expect, it } from 'vitest'
import { createStatement, parseStatement, statementBytes } from '../statement.ts'
import { provenanceType, readProvenance } from './provenance.ts'
import { runDigest, type TrainingRun, trainingBuildType, trainingProvenance } from './training-run.ts'

const digest = (byte: string) => ({ sha256: byte.repeat(32) })
const invalid = expect.objectContaining({ code: 'EVIDENCE_INVALID' })

const run: TrainingRun = {
  outputs: [{ name: 'hard.onnx', digest: digest('01') }],
  command: 'harden',
  parameters: { method: 'trades', seed: 0, set: { beta: 6 } },
  internalParameters: { threads: 2 },
  dataSets: [
    { name: 'train.parquet', digest: digest('02'), uri: 'https://example.com/train.parquet' },
    { name: 'labels', digest: digest('03') },
  ],
  baseModel: { name: 'base.onnx', digest: digest('04') },
  packageLock: { name: 'package-lock.json', digest: digest('05') },
  versions: { bartizan: '0.1.0', node: '20.20.2' },
  byproducts: [{ name: 'report.html', digest: digest('06') }],
  execution: {
    invocationId: 'b7a1',
    startedOn: new Date('2026-01-02T03:04:05Z'),
    finishedOn: new Date('2026-01-02T04:04:05Z'),
  },
}

describe('the provenance of a training run', () => {
  it('has all members that SLSA provenance v1 requires, and says what came from what', () => {
    const statement = trainingProvenance(run)
    expect(statement).toMatchObject({ _type: 'https://in-toto.io/Statement/v1', predicateType: provenanceType })
    expect(statement.predicate).toEqual({
      buildDefinition: {
        buildType: trainingBuildType,
        externalParameters: { command: 'harden', parameters: run.parameters },
        internalParameters: { threads: 2 },
        resolvedDependencies: [
          {
            name: 'train.parquet',
            digest: digest('02'),
            uri: 'https://example.com/train.parquet',
            annotations: { role: 'data' },
          },
          { name: 'labels', digest: digest('03'), annotations: { role: 'data' } },
          { name: 'base.onnx', digest: digest('04'), annotations: { role: 'base-model' } },
          { name: 'package-lock.json', digest: digest('05'), annotations: { role: 'package-lock' } },
        ],
      },
      runDetails: {
        builder: { id: expect.stringMatching(/^https:/), version: run.versions },
        metadata: {
          invocationId: 'b7a1',
          startedOn: '2026-01-02T03:04:05.000Z',
          finishedOn: '2026-01-02T04:04:05.000Z',
        },
        byproducts: [{ name: 'report.html', digest: digest('06'), annotations: { role: 'byproduct' } }],
      },
    })
  })

  it('has the same bytes for the same run, but for its times', () => {
    const { execution: _, ...timeless } = run
    expect(statementBytes(trainingProvenance(timeless))).toEqual(statementBytes(trainingProvenance({ ...timeless })))
    expect(statementBytes(trainingProvenance(timeless))).not.toEqual(statementBytes(trainingProvenance(run)))
    expect(trainingProvenance(timeless).predicate?.runDetails).not.toHaveProperty('metadata')
    expect(runDigest(trainingProvenance(timeless))).toBe(runDigest(trainingProvenance(run)))
    for (const other of [
      { outputs: [{ name: 'hard.onnx', digest: digest('09') }] },
      { parameters: { ...run.parameters, seed: 1 } },
      { dataSets: [{ name: 'train.parquet', digest: digest('09') }] },
      { versions: { bartizan: '0.2.0' } },
    ])
      expect(runDigest(trainingProvenance({ ...run, ...other }))).not.toBe(runDigest(trainingProvenance(run)))
  })

  it('keeps what was only assessed on, and the results that let the data through, apart from what it is made of', () => {
    const test = { name: 'test.parquet', digest: digest('07') }
    const result = { name: 'result.dsse.json', digest: digest('08') }
    const statement = trainingProvenance({ ...run, assessmentSets: [test], validations: [result] })
    const roles = readProvenance(statement).buildDefinition.resolvedDependencies?.map(({ name, annotations }) => [
      name,
      annotations?.role,
    ])
    expect(roles).toEqual([
      ['train.parquet', 'data'],
      ['labels', 'data'],
      ['base.onnx', 'base-model'],
      ['test.parquet', 'assessment-data'],
      ['result.dsse.json', 'validation'],
      ['package-lock.json', 'package-lock'],
    ])
  })

  it('is read back', () => {
    const statement = parseStatement(statementBytes(trainingProvenance(run)))
    expect(readProvenance(statement).buildDefinition.externalParameters).toMatchObject({ command: 'harden' })
  })

  it('needs outputs, data and right digests', () => {
    expect(() => trainingProvenance({ ...run, outputs: [] })).toThrow(invalid)
    expect(() => trainingProvenance({ ...run, dataSets: [] })).toThrow(invalid)
    expect(() => trainingProvenance({ ...run, baseModel: { name: 'b', digest: { sha256: 'AB' } } })).toThrow(invalid)
  })
})

describe('readProvenance', () => {
  const subject = [{ name: 'app', digest: digest('07') }]
  const minimal = {
    buildDefinition: { buildType: 'https://example.com/build/v1', externalParameters: {} },
    runDetails: { builder: { id: 'https://example.com/builder' } },
  }
  const read = (predicate: Readonly<Record<string, unknown>>) =>
    readProvenance(createStatement({ subject, predicateType: provenanceType, predicate }))

  it('takes what is required alone, members that are null, and members that it does not know', () => {
    expect(read(minimal)).toMatchObject(minimal)
    const provenance = read({
      example_extension: { a: 1 },
      buildDefinition: {
        ...minimal.buildDefinition,
        internalParameters: null,
        resolvedDependencies: [
          { uri: 'git+https://example.com/repo', digest: { gitCommit: 'ab'.repeat(20) }, later: true },
        ],
      },
      runDetails: { ...minimal.runDetails, metadata: { startedOn: null, finishedOn: '2026-01-02T03:04:05+02:00' } },
    })
    expect(provenance.buildDefinition.internalParameters).toBeUndefined()
    expect(provenance.buildDefinition.resolvedDependencies?.[0].digest).toEqual({ gitCommit: 'ab'.repeat(20) })
    expect(provenance).toHaveProperty('example_extension')
  })

  it.each([
    ['no build type', { ...minimal, buildDefinition: { externalParameters: {} } }],
    ['a build type that is no URI', { ...minimal, buildDefinition: { buildType: 'x', externalParameters: {} } }],
    ['no external parameters', { ...minimal, buildDefinition: { buildType: 'https://example.com/b' } }],
    ['no builder', { ...minimal, runDetails: {} }],
    ['a builder without an id', { ...minimal, runDetails: { builder: {} } }],
    [
      'a dependency that names nothing',
      { ...minimal, buildDefinition: { ...minimal.buildDefinition, resolvedDependencies: [{ name: 'x' }] } },
    ],
    ['a time that is none', { ...minimal, runDetails: { ...minimal.runDetails, metadata: { startedOn: 'today' } } }],
  ])('refuses %s', (_, predicate) => {
    expect(() => read(predicate)).toThrow(invalid)
  })

  it('refuses a statement of another type', () => {
    const statement = createStatement({ subject, predicateType: 'https://example.com/other', predicate: minimal })
    expect(() => readProvenance(statement)).toThrow(invalid)
  })
})
