import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sha256 } from '../../src/base/canonical-json.ts'
import { type Artefact, type Lineage, lineageSchema } from '../../src/contract/lineage.ts'
import { dataDigest } from '../../src/evidence/datasets/index.ts'
import { readStoredRecords } from '../../src/evidence/lineage/index.ts'
import { provenanceType, readProvenance } from '../../src/evidence/slsa/index.ts'
import { bartizan, scratchFolders } from '../cli/bartizan.ts'

const newFolder = scratchFolders()
const home = process.cwd()
afterAll(() => process.chdir(home))

const table = (count: number, from = 0): string =>
  `a,b,label\n${Array.from({ length: count }, (_, i) => [(i * 37) % 101, ((i + from) * 53) % 97, i % 2].join(',')).join('\n')}\n`

const reading = ['--label', 'label', '--range', '0,101', '--threads', '1']
const run = async (...args: readonly string[]) => {
  const ended = await bartizan(...args)
  expect(ended.exitCode, ended.stderr).toBeLessThan(2)
  return ended
}
const train = (data: string, out: string, ...more: readonly string[]) =>
  run(
    ...['train', '--architecture', 'dense 2, relu, dense classes', '--data', data, ...reading],
    ...['--set', 'epochs=1', '--out', out, ...more],
  )
const provenances = () => readStoredRecords('.').filter(({ statement }) => statement.predicateType === provenanceType)
const lineage = async (...args: readonly string[]): Promise<Lineage> => {
  const { stdout } = await run('data', 'lineage', ...args, '--json', '-')
  return lineageSchema.parse(JSON.parse(stdout))
}
const names = ({ nodes }: Lineage) =>
  nodes
    .filter((node): node is Artefact => node.type === 'artefact')
    .map(({ names }) => names[0])
    .sort()
const titles = ({ nodes }: Lineage) => nodes.flatMap((node) => (node.type === 'step' ? [node.title] : [])).sort()
const fileSha256 = (path: string) => sha256(readFileSync(path))

describe('a source that is recorded, cleaned, trained on, and the model hardened', () => {
  beforeAll(async () => {
    process.chdir(newFolder())
    writeFileSync('raw.csv', table(44))
    writeFileSync('clean.csv', table(40))
    writeFileSync('test.csv', table(20, 7))
    await run('data', 'record', 'raw.csv', '--as', 'input', '--step', 'collect', '--licence', 'CC-BY-NC-4.0')
    await run('data', 'record', 'test.csv', '--as', 'input', '--step', 'collect')
    await run('data', 'record', 'clean.csv', '--as', 'output', '--step', 'clean', '--from', 'raw.csv')
    await train('clean.csv', 'base.onnx', '--seed', '3')
    await run(
      ...['harden', '--method', 'standard', '--model', 'base.onnx', '--data', 'clean.csv', ...reading],
      ...['--set', 'epochs=1', '--test', 'test.csv', '--out', 'hard.onnx', '--json', 'r.json'],
    )
  }, 60_000)

  it('has a signed SLSA provenance of each run: what came out, of what, and with which settings', () => {
    const [first, second] = provenances()
    expect([first.problem, second.problem, provenances().length]).toEqual([undefined, undefined, 2])
    expect(first.statement.subject).toEqual([{ name: 'base.onnx', digest: { sha256: fileSha256('base.onnx') } }])
    const trained = readProvenance(first.statement)
    expect(trained.buildDefinition.externalParameters).toMatchObject({
      command: 'train',
      parameters: {
        method: 'standard',
        architecture: 'dense 2, relu, dense classes',
        set: { epochs: '1' },
        seed: 3,
        label: 'label',
        range: [0, 101],
      },
    })
    expect(trained.buildDefinition.internalParameters).toMatchObject({ params: { epochs: 1 }, threads: 1 })
    expect(trained.buildDefinition.resolvedDependencies).toMatchObject([
      { name: 'clean.csv', digest: { sha256: fileSha256('clean.csv') }, annotations: { role: 'data' } },
    ])
    expect(Object.keys(trained.runDetails.builder.version ?? {}).sort()).toEqual(['bartizan', 'node', 'onnxruntime'])
    const { startedOn = '', finishedOn = '' } = trained.runDetails.metadata ?? {}
    expect(Date.parse(finishedOn)).toBeGreaterThan(Date.parse(startedOn))
    const roles = readProvenance(second.statement).buildDefinition.resolvedDependencies?.map((each) => [
      each.annotations?.role,
      each.name,
      each.digest?.sha256,
    ])
    expect(roles).toEqual([
      ['data', 'clean.csv', fileSha256('clean.csv')],
      ['base-model', 'base.onnx', fileSha256('base.onnx')],
      ['assessment-data', 'test.csv', fileSha256('test.csv')],
    ])
  })

  it('names the provenance in the result', () => {
    const { evidence } = JSON.parse(readFileSync('r.json', 'utf8'))
    const named = evidence.digests.find(({ name }: { name: string }) => name === 'provenance, signed')
    expect(named.sha256).toBe(provenances()[1].sha256)
    expect(fileSha256(named.path)).toBe(named.sha256)
  })

  it('is traced forward from the poisoned source to both models', async () => {
    const forward = await lineage('raw.csv', '--forward')
    expect(names(forward)).toEqual(['base.onnx', 'clean.csv', 'hard.onnx', 'raw.csv'])
    expect(titles(forward)).toEqual([
      'clean',
      'harden: standard',
      'measured hardening',
      'measured hardening',
      'train: standard',
    ])
  })

  it('is traced back from the model, with its terms, times and settings', async () => {
    const back = await lineage('hard.onnx')
    expect(names(back)).toEqual(['base.onnx', 'clean.csv', 'hard.onnx', 'raw.csv'])
    expect(titles(back)).toEqual(['clean', 'collect', 'harden: standard', 'train: standard'])
    const step = back.nodes.find((node) => node.type === 'step' && node.title === 'train: standard')
    expect(step).toMatchObject({ command: 'bartizan train', params: { seed: '3', set: '{"epochs":"1"}' } })
    const model = back.nodes.find((node) => node.type === 'artefact' && node.names.includes('hard.onnx'))
    expect(model).toMatchObject({ kind: 'model', recorded: true, terms: { strictest: 'CC-BY-NC-4.0' } })
    expect(back.findings.filter(({ kind }) => kind === 'origin-unknown')).toEqual([])
  })

  it('keeps rows that were only assessed on out of the model', async () => {
    const forward = await lineage('test.csv', '--forward')
    expect({ names: names(forward), titles: titles(forward) }).toEqual({
      names: ['test.csv'],
      titles: ['measured hardening'],
    })
  })

  it('verifies, and no longer once the model was changed', async () => {
    expect((await bartizan('verify')).exitCode).toBe(0)
    const bytes = readFileSync('hard.onnx')
    writeFileSync(
      'hard.onnx',
      Uint8Array.from(bytes, (byte, i) => (i === 40 ? byte ^ 1 : byte)),
    )
    const { exitCode, stdout } = await bartizan('verify')
    expect(exitCode).toBe(1)
    expect(stdout).toContain('hard.onnx')
    writeFileSync('hard.onnx', bytes)
  })

  it('is an event for OpenLineage', async () => {
    const { stdout } = await run('data', 'lineage', '--export', 'openlineage')
    const events = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    const hardened = events.find(({ job }) => job.name === 'harden: standard')
    expect(hardened.inputs.map(({ name }: { name: string }) => name)).toEqual(['clean.csv', 'base.onnx'])
    expect(hardened.outputs.map(({ name }: { name: string }) => name)).toEqual(['hard.onnx'])
    expect(hardened.eventTime).toBe(readProvenance(provenances()[1].statement).runDetails.metadata?.finishedOn)
  })
})

describe('a run that is made again', () => {
  it('is recorded once with --resume, and else each time; the project verifies in between', async () => {
    process.chdir(newFolder())
    writeFileSync('data.csv', table(40))
    const kept = ['--checkpoint', 'run.ckpt']
    const count = async () => {
      expect((await bartizan('verify')).exitCode).toBe(0)
      return [provenances().length, readStoredRecords('.').length]
    }
    await train('data.csv', 'm.onnx', ...kept)
    expect(await count()).toEqual([1, 2])
    await train('data.csv', 'm.onnx', ...kept, '--resume')
    expect(await count()).toEqual([1, 2])
    await train('data.csv', 'm.onnx', '--seed', '1')
    expect(await count()).toEqual([2, 4])
    // The first run is no longer the last word on the file, so it is recorded again.
    await train('data.csv', 'm.onnx', ...kept, '--resume')
    expect(await count()).toEqual([3, 5])
  }, 60_000)

  it('knows a folder of images by the digest that its record has', async () => {
    process.chdir(newFolder())
    for (const [label, name] of ['cat', 'dog'].entries()) {
      mkdirSync(`images/${name}`, { recursive: true })
      for (let i = 0; i < 12; i++) {
        const raw = { width: 2, height: 2, channels: 1 } as const
        await sharp(Uint8Array.of(10 * i, 200 * label, 3, i), { raw })
          .png()
          .toFile(`images/${name}/${i}.png`)
      }
    }
    // Part of the folder that is recorded, and no image.
    writeFileSync('images/.DS_Store', 'litter')
    await run('data', 'record', 'images', '--as', 'input', '--step', 'collect')
    await run(
      ...['train', '--architecture', 'dense 2, relu, dense classes', '--data', 'images', '--threads', '1'],
      ...['--scale', '1/255', '--set', 'epochs=1', '--out', 'm.onnx'],
    )
    const { buildDefinition } = readProvenance(provenances()[0].statement)
    expect(buildDefinition.resolvedDependencies?.[0].digest).toEqual({ sha256: await dataDigest('images') })
    expect(names(await lineage('images', '--forward'))).toEqual(['images', 'm.onnx'])
    expect((await bartizan('verify')).exitCode).toBe(0)
  })
})
