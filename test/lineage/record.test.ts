import { createHash } from 'node:crypto'
import { appendFileSync, cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { scratchFolders } from '../../src/base/testing.ts'
import { drawLineage } from '../../src/cli/work/lineage.ts'
import { type ProveFlags, proveData } from '../../src/cli/work/proving.ts'
import { verifyProject } from '../../src/cli/work/verification.ts'
import { createStatement, recordEvidence } from '../../src/evidence/index.ts'
import { record, table } from './pipeline.ts'

const newFolder = scratchFolders()
let root: string
let csv: string
const at = (name: string) => join(root, name)
beforeEach(() => {
  root = newFolder()
  csv = at('people.csv')
  writeFileSync(csv, table(40))
})

const prove = (file: string | undefined, more: Partial<ProveFlags>) =>
  proveData(file, { absent: [], withhold: [], unchanged: false, project: root, ...more })

describe('bartizan data record', () => {
  it('has no bit of data, manifest or record that can change unseen, and each is named', async () => {
    writeFileSync(csv, 'a\n1\n')
    // All bits of the data; of the others a sample that takes a byte's bits in turn, all of them in the long run.
    const stride = process.env.LONG ? 1 : 153
    const { data, record: stored } = await record([csv], { project: root, as: 'input' })
    expect((await verifyProject(root, { key: [] })).verdict).toBe('passed')
    for (const [name, kind] of [
      ['people.csv', 'subject-changed'],
      [data[0].manifest, 'subject-changed'],
      [stored.path, 'evidence-changed'],
    ] as const) {
      const original = readFileSync(at(name))
      for (let bit = 0; bit < original.length * 8; bit += name === 'people.csv' ? 1 : stride) {
        const changed = Uint8Array.from(original)
        changed[bit >> 3] ^= 1 << (bit & 7)
        writeFileSync(at(name), changed)
        const { findings } = await verifyProject(root, { key: [] })
        expect(
          findings.map(({ kind, file }) => [kind, file]),
          `${name}, bit ${bit}`,
        ).toEqual([[kind, name]])
      }
      writeFileSync(at(name), original)
    }
  }, 600_000)
  it('writes the same bytes for the same data, flags and key', async () => {
    const first = await record([csv], { project: root, as: 'input', by: 'Ada', param: [['k', 'v']] })
    const again = await record([csv], { project: root, as: 'input', by: 'Ada', param: [['k', 'v']] })
    expect(again).toEqual(first)
    expect(first.data[0].sha256).toBe(createHash('sha256').update(readFileSync(csv)).digest('hex'))
  })
  it('hashes only what was added to a grown file, and the chain goes on', async () => {
    writeFileSync(csv, table(200_000))
    const first = await record([csv], { project: root, as: 'input' })
    appendFileSync(csv, '7,x,1\n'.repeat(1000))
    const grown = await record([csv], { project: root, grownFrom: at(first.data[0].manifest) })
    const [{ keptChunks, bytesRead, bytes, sha256, root: now }] = grown.data
    expect({ keptChunks, sha256 }).toEqual({ keptChunks: first.data[0].chunks - 1, sha256: undefined })
    expect(bytesRead).toBeLessThan(bytes / 2)
    expect(await prove(csv, { grownFrom: at(first.data[0].manifest) })).toMatchObject({ verdict: 'passed' })
    writeFileSync(at('model.onnx'), 'weights')
    await record([at('model.onnx')], { project: root, model: true, from: [at(grown.data[0].manifest)] })
    const { lineage } = await drawLineage(at('model.onnx'), {
      forward: false,
      format: 'text',
      namespace: 'n',
      project: root,
    })
    const roots = lineage.nodes.flatMap((node) => (node.type === 'artefact' ? [node.root] : []))
    expect(roots).toEqual(expect.arrayContaining([now, first.data[0].root]))
  })
  it('takes folders, and names the file that changed', async () => {
    mkdirSync(at('images/cat'), { recursive: true })
    for (const name of ['images/cat/1.png', 'images/cat/2.png']) writeFileSync(at(name), name)
    await record([at('images')], { project: root, as: 'input' })
    expect(await prove(at('images'), { unchanged: true })).toMatchObject({ verdict: 'passed', changes: [] })
    writeFileSync(at('images/cat/2.png'), 'other')
    expect((await prove(at('images'), { unchanged: true })).changes).toEqual([{ kind: 'changed', where: 'cat/2.png' }])
    await expect(record([at('images')], { project: root, rows: true })).rejects.toMatchObject({ code: 'USAGE' })
  })
  it('has verify compare folders, as they were recorded here or by an assessment', async () => {
    mkdirSync(at('images/cat'), { recursive: true })
    mkdirSync(at('notes'))
    for (const name of ['images/cat/1.png', 'images/cat/2.png', 'notes/a.txt']) writeFileSync(at(name), name)
    await record([at('notes')], { project: root, as: 'input' })
    const ofImages = createHash('sha256')
    for (const name of ['cat/1.png', 'cat/2.png'])
      ofImages.update(`${createHash('sha256').update(`images/${name}`).digest('hex')}  ${name}\n`)
    await recordEvidence({
      root,
      statements: [
        createStatement({
          subject: [{ name: 'images', digest: { sha256: ofImages.digest('hex') } }],
          predicateType: 'https://example.com/assessed',
        }),
      ],
    })
    const found = async () => {
      const { verdict, findings, subjects } = await verifyProject(root, { key: [] })
      expect(verdict).toBe(findings.length === 0 ? 'passed' : 'failed')
      expect(subjects).toEqual({ checked: 3, absent: 0, superseded: 0 })
      return findings.map(({ kind, file }) => `${kind} ${file}`)
    }
    expect(await found()).toEqual([])
    for (const [folder, file] of [
      ['images', 'cat/2.png'],
      ['notes', 'a.txt'],
    ]) {
      const path = at(`${folder}/${file}`)
      const steps: readonly (() => void)[] = [
        () => writeFileSync(path, 'other'),
        () => rmSync(path),
        () => writeFileSync(at(`${folder}/added.png`), 'x'),
        () => mkdirSync(at(`${folder}/empty`)),
        () => symlinkSync(path, at(`${folder}/link.png`)),
      ]
      const isNoChange = [false, false, false, true, false]
      cpSync(at(folder), at('copy'), { recursive: true })
      for (const [i, step] of steps.entries()) {
        step()
        expect(await found(), `${folder}, step ${i}`).toEqual(isNoChange[i] ? [] : [`subject-changed ${folder}`])
        rmSync(at(folder), { recursive: true })
        cpSync(at('copy'), at(folder), { recursive: true })
      }
      rmSync(at('copy'), { recursive: true })
    }
    expect(await found()).toEqual([])
    rmSync(at('images'), { recursive: true })
    expect((await verifyProject(root, { key: [] })).subjects).toMatchObject({ checked: 2, absent: 1 })
  })
  it('keeps the claims of a description and compares its digest', async () => {
    const sha256 = createHash('sha256').update(readFileSync(csv)).digest('hex')
    const describe = (digest: string) =>
      writeFileSync(
        at('croissant.json'),
        JSON.stringify({
          conformsTo: 'http://mlcommons.org/croissant/1.0',
          license: 'https://creativecommons.org/licenses/by-sa/4.0/',
          'rai:dataBiases': 'towards the even',
          usageInfo: { 'odrl:prohibition': [{ 'odrl:action': { '@id': 'cawg:ai_training' } }] },
          distribution: [{ '@id': 'people.csv', contentUrl: 'https://example.org/people.csv', sha256: digest }],
        }),
      )
    describe(sha256)
    const described = { project: root, as: 'input' as const, describedBy: at('croissant.json') }
    expect((await record([csv], described)).warnings).toEqual([])
    const { lineage } = await drawLineage(csv, { forward: false, format: 'text', namespace: 'n', project: root })
    expect(lineage.nodes[0]).toMatchObject({
      terms: { own: ['CC-BY-SA-4.0'], consent: { ai_training: 'notAllowed' } },
    })
    describe('ab'.repeat(16))
    expect((await record([csv], described)).warnings.join()).toContain('32 characters')
    describe('ab'.repeat(32))
    await expect(record([csv], described)).rejects.toMatchObject({ code: 'EVIDENCE_INVALID' })
  })
  it.each([
    [{ at: 'yesterday' }],
    [{ as: 'input', from: ['x'] }],
    [{ key: ['a'] }],
    [{ consent: [['ai_training', 'perhaps']] }],
  ] as const)('refuses %o', async (flags) => {
    await expect(record([csv], { project: root, ...flags })).rejects.toMatchObject({ code: 'USAGE' })
  })
})

describe('bartizan data prove', () => {
  it('makes proofs that verify offline against the root alone', async () => {
    const [{ root: committed }] = (await record([csv], { project: root, absence: true, key: ['text'] })).data
    const out = at('proof.json')
    expect(await prove(csv, { row: 7, out })).toMatchObject({
      verdict: 'passed',
      proofs: [{ about: 'row 7: "7,row 7,1"' }],
    })
    expect(await prove(undefined, { verify: out, root: committed })).toMatchObject({ verdict: 'passed' })
    expect(await prove(undefined, { verify: out, root: 'ab'.repeat(32) })).toMatchObject({ verdict: 'failed' })
    const absent = await prove(csv, { absent: ['row 41', 'row 7'], column: 'text', out })
    expect(absent).toMatchObject({ verdict: 'failed', proofs: [{ holds: true }, { holds: false }] })
    expect(await prove(undefined, { verify: out, root: committed })).toMatchObject({ verdict: 'passed' })
    await expect(prove(undefined, { verify: out })).rejects.toMatchObject({ code: 'USAGE' })
    await expect(prove(csv, {})).rejects.toMatchObject({ code: 'USAGE' })
  })
  it('withholds a row of salted data', async () => {
    const [{ root: committed }] = (await record([csv], { project: root, salted: true })).data
    const out = at('shown.json')
    await prove(csv, { withhold: [3], out })
    expect(readFileSync(out, 'utf8')).not.toContain(Buffer.from('3,row 3,1').toString('base64'))
    expect(await prove(undefined, { verify: out, root: committed })).toMatchObject({
      verdict: 'passed',
      proofs: [{ about: '39 rows shown, withheld: 3' }],
    })
    writeFileSync(
      out,
      readFileSync(out, 'utf8').replace(
        Buffer.from('4,row 4,0').toString('base64'),
        Buffer.from('4,row 4,1').toString('base64'),
      ),
    )
    expect(await prove(undefined, { verify: out, root: committed })).toMatchObject({ verdict: 'failed' })
  })
})
