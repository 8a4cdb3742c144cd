import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type RecordFlags, recordFiles } from '../../src/cli/work/recording.ts'
import type { RecordResult } from '../../src/contract/data-record.ts'
import { createMeasurement, recordEvidence } from '../../src/evidence/index.ts'

const defaults: RecordFlags = {
  as: 'output',
  step: 'step',
  from: [],
  param: [],
  licence: [],
  consent: [],
  kind: 'data',
  model: false,
  rows: false,
  absence: false,
  key: [],
  salted: false,
  at: '2026-01-31T12:00:00Z',
  project: '.',
}

export const tool = { name: 'bartizan', version: '0.1.0' }

export const record = (files: readonly string[], flags: Partial<RecordFlags>): Promise<RecordResult> =>
  recordFiles(files, { ...defaults, ...flags }, { tool })

/** Rows of a small table with a header. */
export const table = (rows: number, from = 0): string =>
  `id,text,label\n${Array.from({ length: rows }, (_, i) => `${from + i},row ${from + i},${i % 2}`).join('\n')}\n`

export interface Pipeline {
  readonly root: string
  readonly at: (name: string) => string
  readonly results: Readonly<Record<'raw' | 'extra' | 'clean' | 'split' | 'model' | 'release', RecordResult>>
}

/** A project in which two sources were cleaned, split, trained on, assessed and released, each step recorded. */
export const recordedPipeline = async (root: string): Promise<Pipeline> => {
  const at = (name: string): string => join(root, name)
  mkdirSync(at('data'), { recursive: true })
  writeFileSync(at('data/raw.csv'), table(300))
  writeFileSync(at('data/extra.csv'), table(50, 300))
  writeFileSync(at('data/clean.csv'), table(340))
  writeFileSync(at('data/train.csv'), table(280))
  writeFileSync(at('data/test.csv'), table(60, 280))
  writeFileSync(at('model.onnx'), 'weights')
  writeFileSync(at('release.tar'), 'the model and its card')
  const project = { project: root }
  const raw = await record([at('data/raw.csv')], {
    ...project,
    as: 'input',
    step: 'collect',
    by: 'Ada',
    source: 'https://example.org/raw.csv',
    licence: ['CC-BY-NC-4.0'],
    consent: [['ai_training', 'notAllowed']],
  })
  const extra = await record([at('data/extra.csv')], { ...project, as: 'input', step: 'buy', licence: ['CC-BY-4.0'] })
  const clean = await record([at('data/clean.csv')], {
    ...project,
    step: 'sanitise',
    from: [at('data/raw.csv'), at('data/extra.csv')],
    command: 'bartizan data sanitize data/raw.csv data/extra.csv --out data/clean.csv',
    param: [['email', 'mask']],
  })
  const split = await record([at('data/train.csv'), at('data/test.csv')], {
    ...project,
    step: 'split',
    from: [at('data/clean.csv')],
    param: [['seed', '0']],
  })
  const model = await record([at('model.onnx')], {
    ...project,
    step: 'train',
    from: [at('data/train.csv')],
    model: true,
  })
  const sha256Of = (result: RecordResult, i = 0) => ({ sha256: result.data[i].sha256 ?? '' })
  await recordEvidence({
    root,
    statements: ['cleanAccuracy', 'robustAccuracy'].map((claim) =>
      createMeasurement(
        [
          { name: 'model.onnx', digest: sha256Of(model) },
          { name: 'data/test.csv', digest: sha256Of(split, 1) },
        ],
        { claim, value: { value: 0.9, low: 0.8, high: 1, n: 60 }, method: { id: 'pgd', params: {}, seed: 0 }, tool },
      ),
    ),
  })
  const release = await record([at('release.tar')], {
    ...project,
    step: 'release',
    from: [at('model.onnx')],
    kind: 'release',
  })
  return { root, at, results: { raw, extra, clean, split, model, release } }
}
