import { readFileSync, writeFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { scratchFolders } from '../../src/base/testing.ts'
import { drawLineage, isSound, type LineageFlags } from '../../src/cli/work/lineage.ts'
import type { Artefact, Lineage } from '../../src/contract/lineage.ts'
import { createStatement, recordEvidence } from '../../src/evidence/index.ts'
import { createDataRecord } from '../../src/evidence/lineage/index.ts'
import { type Pipeline, record, recordedPipeline, tool } from './pipeline.ts'

const newFolder = scratchFolders()
const flags = (root: string, more: Partial<LineageFlags> = {}): LineageFlags => ({
  forward: false,
  format: 'text',
  namespace: 'test',
  project: root,
  ...more,
})
const artefacts = ({ nodes }: Lineage): readonly Artefact[] => nodes.filter((node) => node.type === 'artefact')
const names = (lineage: Lineage) =>
  artefacts(lineage)
    .map(({ names }) => names[0])
    .sort()
const steps = ({ nodes }: Lineage) => nodes.flatMap((node) => (node.type === 'step' ? [node.title] : [])).sort()
const kinds = ({ findings }: Lineage) => [...new Set(findings.map(({ kind }) => kind))].sort()

describe('the lineage of a small pipeline', () => {
  let pipeline: Pipeline
  beforeAll(async () => {
    pipeline = await recordedPipeline(newFolder())
  })
  const of = async (file: string | undefined, more: Partial<LineageFlags> = {}) =>
    (await drawLineage(file, flags(pipeline.root, more))).lineage

  it('goes back to everything that a release is made of', async () => {
    const lineage = await of(pipeline.at('release.tar'))
    expect(names(lineage)).toEqual([
      'data/clean.csv',
      'data/extra.csv',
      'data/raw.csv',
      'data/train.csv',
      'model.onnx',
      'release.tar',
    ])
    expect(steps(lineage)).toEqual(['buy', 'collect', 'release', 'sanitise', 'split', 'train'])
    expect(isSound(lineage)).toBe(true)
  })
  it('goes on to everything that contains a source', async () => {
    expect(names(await of(pipeline.at('data/extra.csv'), { forward: true }))).toEqual([
      'data/clean.csv',
      'data/extra.csv',
      'data/test.csv',
      'data/train.csv',
      'model.onnx',
      'release.tar',
    ])
    const test = await of(pipeline.at('data/test.csv'), { forward: true })
    expect({ names: names(test), steps: steps(test) }).toEqual({ names: ['data/test.csv'], steps: ['2 measurements'] })
  })
  it('finds what is named by digest, its beginning, a root, or the recorded name of a file that is gone', async () => {
    const [{ sha256 = '', root }] = pipeline.results.model.data
    for (const named of [sha256, sha256.slice(0, 8), root, pipeline.at('model.onnx')])
      expect((await of(named)).query?.ids).toEqual([sha256])
    expect((await of('model.onnx')).query?.ids).toEqual([sha256])
    await expect(of('nothing.csv')).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' })
  })
  it('hands licence and consent down to all that was derived', async () => {
    const lineage = await of(pipeline.at('release.tar'))
    const release = artefacts(lineage).find(({ kind }) => kind === 'release')
    expect(release?.terms).toEqual({
      own: [],
      all: ['CC-BY-4.0', 'CC-BY-NC-4.0'],
      strictest: 'CC-BY-NC-4.0',
      consent: { ai_training: 'notAllowed' },
    })
    const forbidden = lineage.findings.filter(({ kind }) => kind === 'use-not-allowed').map(({ message }) => message)
    expect(forbidden).toContain('model.onnx may not be used for ai_training')
    expect(forbidden.join()).not.toContain('extra.csv')
  })
  it('has the same bytes each time, in every format', async () => {
    for (const format of ['svg', 'mermaid', 'json'] as const) {
      const [a, b] = await Promise.all([1, 2].map(() => drawLineage(undefined, flags(pipeline.root, { format }))))
      expect(a.text).toBe(b.text)
      expect(a.text?.length).toBeGreaterThan(500)
    }
  })
  it('refuses a file that is no longer what was recorded', async () => {
    const path = pipeline.at('data/extra.csv')
    const original = readFileSync(path)
    writeFileSync(path, 'poison')
    await expect(of(path)).rejects.toMatchObject({ code: 'EVIDENCE_INVALID' })
    writeFileSync(path, original)
  })
  it('describes a file for Croissant and all records for OpenLineage', async () => {
    const { text = '' } = await drawLineage(
      pipeline.at('data/train.csv'),
      flags(pipeline.root, { export: 'croissant' }),
    )
    const croissant = JSON.parse(text)
    expect(croissant).toMatchObject({
      conformsTo: ['http://mlcommons.org/croissant/1.1'],
      license: ['https://spdx.org/licenses/CC-BY-NC-4.0.html'],
      distribution: [{ sha256: pipeline.results.split.data[0].sha256, contentSize: '3714 B' }],
    })
    expect(croissant['prov:wasDerivedFrom']).toHaveLength(3)
    expect(
      croissant.recordSet[0].field.map(({ name, dataType }: { name: string; dataType: string }) => [name, dataType]),
    ).toEqual([
      ['id', 'sc:Integer'],
      ['text', 'sc:Text'],
      ['label', 'sc:Integer'],
    ])
    const lines =
      (await drawLineage(undefined, flags(pipeline.root, { export: 'openlineage' }))).text?.trim().split('\n') ?? []
    const events = lines.map((line) => JSON.parse(line))
    expect(events.map(({ job }) => job.name)).toEqual(['collect', 'buy', 'sanitise', 'split', 'train', 'release'])
    for (const { run, eventType, schemaURL } of events) {
      expect(run.runId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
      expect([eventType, schemaURL]).toEqual([
        'COMPLETE',
        'https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent',
      ])
    }
    expect(events[3].outputs.map(({ name }: { name: string }) => name)).toEqual(['data/train.csv', 'data/test.csv'])
  })
})

describe('records that do not verify', () => {
  it('are drawn as such, and their licences and aliases are not believed', async () => {
    const { root, at, results } = await recordedPipeline(newFolder())
    const other = await recordedPipeline(newFolder())
    const [{ sha256 = '' }] = results.raw.data
    // Signed by a stranger's key, and planted: it frees the raw data and says that the model is another one.
    await recordEvidence({
      root: other.root,
      statements: [
        createDataRecord([{ name: 'planted.csv', digest: { sha256: 'ab'.repeat(32) } }], {
          step: 'plant',
          role: 'output',
          kind: 'data',
          at: '2026-01-31T12:00:00Z',
          params: {},
          materials: [{ name: 'data/raw.csv', digest: { sha256 } }],
          origin: { licences: ['CC-BY-ND-4.0'] },
          commitments: [],
          tool,
        }),
      ],
    }).then(({ records }) => {
      const [{ path, sha256 }] = records
      writeFileSync(`${root}/.bartizan/evidence/${sha256}.dsse.json`, readFileSync(path))
    })
    const { lineage } = await drawLineage(at('data/raw.csv'), flags(root, { forward: true }))
    expect(isSound(lineage)).toBe(false)
    expect(lineage.records).toEqual({ verified: 8, unverified: 1 })
    const planted = artefacts(lineage).find(({ names }) => names.includes('planted.csv'))
    expect(planted).toMatchObject({ verified: false, terms: { own: [], strictest: 'CC-BY-NC-4.0' } })
    expect(kinds(lineage)).toContain('record-unverified')
    const { text = '' } = await drawLineage(undefined, flags(root, { format: 'svg' }))
    expect(text).toContain('class="e u"')
    expect(text).toContain('not verified')
    const { text: events = '' } = await drawLineage(undefined, flags(root, { export: 'openlineage' }))
    expect(events).not.toContain('planted')
  })
  it('are those of which any bit was changed', async () => {
    const root = newFolder()
    writeFileSync(`${root}/a.csv`, 'a\n1\n')
    const { record: stored } = await record([`${root}/a.csv`], { project: root, as: 'input' })
    const path = `${root}/${stored.path}`
    const original = readFileSync(path)
    for (let bit = 0; bit < original.length * 8; bit += process.env.LONG ? 1 : 149) {
      const changed = Uint8Array.from(original)
      changed[bit >> 3] ^= 1 << (bit & 7)
      writeFileSync(path, changed)
      const { lineage } = await drawLineage(undefined, flags(root))
      expect(lineage.records.verified, `bit ${bit}`).toBe(0)
    }
  }, 600_000)
})

describe('a picture', () => {
  it('keeps text that others wrote as text', async () => {
    const root = newFolder()
    const name = '<script>alert("x")</script>&\u202e]];--> click #quot.csv'
    await recordEvidence({
      root,
      statements: [
        createStatement({
          subject: [{ name, digest: { sha256: 'cd'.repeat(32) } }],
          predicateType: 'https://in-toto.io/attestation/test-result/v0.1',
          predicate: {},
        }),
      ],
    })
    const { text: svg = '' } = await drawLineage(undefined, flags(root, { format: 'svg' }))
    expect(svg).not.toContain('<script')
    expect(svg).not.toMatch(/&(?!(amp|lt|gt|quot|#39);)|\u202e/)
    expect(svg).toContain('<title id="lineage-title">')
    const { text: mermaid = '' } = await drawLineage(undefined, flags(root, { format: 'mermaid' }))
    const labels = [...mermaid.matchAll(/"([^"\n]*)"/g)].map(([, label]) => label.replaceAll('<br/>', ''))
    expect(labels.length).toBe(2)
    for (const label of labels) expect(label).not.toMatch(/[<>[\](){}`|\\]/)
  })
  it('says what is missing: origins, and licences that forbid or contradict', async () => {
    const root = newFolder()
    for (const name of ['a', 'b', 'c', 'd', 'e']) writeFileSync(`${root}/${name}.txt`, name)
    const project = { project: root }
    const input = (name: string, licence: string) =>
      record([`${root}/${name}.txt`], { ...project, as: 'input', step: 'get', licence: [licence] })
    await input('a', 'CC-BY-SA-4.0')
    await input('b', 'ODbL-1.0')
    await input('c', 'CC-BY-ND-4.0')
    await input('d', 'Our-Own-Terms')
    await record([`${root}/e.txt`], { ...project, from: ['a', 'b', 'c', 'd'].map((name) => `${root}/${name}.txt`) })
    writeFileSync(`${root}/f.txt`, 'f')
    writeFileSync(`${root}/g.txt`, 'g')
    await record([`${root}/f.txt`], { ...project, from: [`${root}/g.txt`] })
    const { lineage } = await drawLineage(undefined, flags(root))
    expect(kinds(lineage)).toEqual([
      'licence-conflict',
      'licence-forbids-derivatives',
      'licence-unknown',
      'origin-unknown',
    ])
    expect(lineage.findings.filter(({ kind }) => kind === 'origin-unknown').map(({ message }) => message)).toEqual([
      'no record says where g.txt came from',
    ])
  })
})

describe('200 records', () => {
  it('are read, checked and drawn together', async () => {
    const root = newFolder()
    const digest = (i: number) => ({ sha256: i.toString(16).padStart(64, '0') })
    await recordEvidence({
      root,
      statements: Array.from({ length: 200 }, (_, i) =>
        createDataRecord([{ name: `part-${i}.csv`, digest: digest(i + 1) }], {
          step: `step ${i}`,
          role: 'output',
          kind: 'data',
          at: '2026-01-31T12:00:00Z',
          params: {},
          materials: i < 3 ? [] : [{ name: `part-${i >> 1}.csv`, digest: digest((i >> 1) + 1) }],
          commitments: [],
          tool,
        }),
      ),
    })
    const { lineage, text = '' } = await drawLineage(undefined, flags(root, { format: 'svg' }))
    expect(lineage.records.verified).toBe(200)
    expect(lineage.nodes.length).toBe(400)
    expect(text.match(/<rect class="c"/g)).toHaveLength(400)
  })
})
