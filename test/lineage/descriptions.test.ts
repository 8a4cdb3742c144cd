import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { scratchFolders } from '../../src/base/testing.ts'
import { drawLineage } from '../../src/cli/work/lineage.ts'
import { manifestBox, storeBox } from '../../src/evidence/interchange/c2pa/testing.ts'
import { record, table } from './pipeline.ts'

const newFolder = scratchFolders()
let root: string
const at = (name: string) => join(root, name)
beforeEach(() => {
  root = newFolder()
  for (const name of ['photo.bin', 'captions.csv', 'joined.csv', 'model.onnx'])
    writeFileSync(at(name), `${name}\n${table(3)}`)
})

/** Records a source with its description, a set that was derived from it, and a model; returns what is found of it. */
const derived = async (source: string, describedBy: string, consent: readonly (readonly [string, string])[] = []) => {
  const project = { project: root }
  await record([at(source)], { ...project, as: 'input', step: 'collect', describedBy: at(describedBy), consent })
  await record([at('joined.csv')], { ...project, step: 'join', from: [at(source)] })
  await record([at('model.onnx')], { ...project, step: 'train', from: [at('joined.csv')], model: true })
  const { lineage } = await drawLineage(at('model.onnx'), {
    forward: false,
    format: 'text',
    namespace: 'n',
    project: root,
  })
  const model = lineage.nodes.find((node) => node.type === 'artefact' && node.kind === 'model')
  return {
    terms: model?.type === 'artefact' ? model.terms : undefined,
    messages: lineage.findings.map(({ message }) => message),
  }
}

describe('what a description forbids', () => {
  const manifest = (use: string) => {
    const hash = createHash('sha256')
      .update(`photo.bin\n${table(3)}`)
      .digest()
    writeFileSync(
      at('photo.c2pa'),
      storeBox(
        manifestBox('urn:c2pa:1', [
          { label: 'cawg.training-mining', content: { entries: { 'cawg.ai_training': { use } } } },
          { label: 'c2pa.hash.data', content: { exclusions: [], alg: 'sha256', hash } },
        ]),
      ),
    )
  }
  it('by C2PA is forbidden for all that was derived', async () => {
    manifest('notAllowed')
    const { terms, messages } = await derived('photo.bin', 'photo.c2pa')
    expect(terms?.consent).toEqual({ ai_training: 'notAllowed' })
    expect(messages).toContain('joined.csv may not be used for ai_training')
    expect(messages).toContain('model.onnx may not be used for ai_training')
  })
  it('is not freed by a flag, nor lost where a flag answers another use', async () => {
    manifest('notAllowed')
    const flags = [
      ['c2pa.ai_training', 'allowed'],
      ['cawg.data_mining', 'constrained'],
    ] as const
    const { terms } = await derived('photo.bin', 'photo.c2pa', flags)
    expect(terms?.consent).toEqual({ ai_training: 'notAllowed', data_mining: 'constrained' })
  })
  it('is nothing where it allows', async () => {
    manifest('allowed')
    expect((await derived('photo.bin', 'photo.c2pa')).messages).toEqual([])
  })
  it('by licences of the Data Provenance Initiative holds for all that was derived', async () => {
    writeFileSync(
      at('summary.json'),
      JSON.stringify({
        captions: {
          'Unique Dataset Identifier': 'captions',
          Licenses: [{ License: 'CC BY-NC 4.0' }, { License: 'Non Commercial' }, { License: 'Unspecified' }],
        },
      }),
    )
    const { terms, messages } = await derived('captions.csv', 'summary.json')
    expect(terms).toMatchObject({
      all: ['CC-BY-NC-4.0', 'LicenseRef-DPI-Non-Commercial', 'NOASSERTION'],
      strictest: 'LicenseRef-DPI-Non-Commercial',
      consent: { commercial_use: 'notAllowed' },
    })
    expect(messages).toContain('model.onnx may not be used for commercial_use')
    expect(messages.join()).toContain('captions.csv: what "NOASSERTION" asks is not known here')
  })
})
