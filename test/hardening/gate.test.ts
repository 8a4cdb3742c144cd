import { generateKeyPairSync } from 'node:crypto'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { methodNamed } from '../../src/assessment/hardening/methods.ts'
import { openHardeningRows } from '../../src/assessment/hardening/rows.ts'
import { sha256 } from '../../src/base/canonical-json.ts'
import { type HardeningSubjectFlags, hardeningSubject } from '../../src/cli/work/hardening-subject.ts'
import { writeNpy } from '../../src/data/index.ts'
import { createSigner, evidencePaths, recordEvidence } from '../../src/evidence/index.ts'
import { readStoredRecords } from '../../src/evidence/lineage/index.ts'
import { testResultType } from '../../src/screening/validation/index.ts'
import { resolveParameters } from '../../src/threat/parameters.ts'
import { bartizan, scratchFolders } from '../cli/bartizan.ts'
import { example } from '../support/fixtures.ts'

const newFolder = scratchFolders()
const home = process.cwd()
afterAll(() => process.chdir(home))

const rows = (count: number, from = 0): string =>
  Array.from({ length: count }, (_, i) => [(i * 37) % 101, ((i + from) * 53) % 97, i % 2].join(',')).join('\n')
const table = (count: number, from = 0): string => `a,b,label\n${rows(count, from)}\n`
const schemaText = `columns:
  a: {type: integer, min: 0}
  b: {type: integer, max: 96}
  label: {type: integer, set: [0, 1]}
`

let root = ''
beforeEach(() => {
  root = newFolder()
  process.chdir(root)
  writeFileSync('data.csv', table(40))
  writeFileSync('schema.yaml', schemaText)
})

const validate = (file = 'data.csv', schema = 'schema.yaml', ...more: readonly string[]) =>
  bartizan('data', 'validate', file, '--schema', schema, '--attest', ...more)
const network = ['--architecture', 'dense 2, relu, dense classes', '--range', '0,101', '--set', 'epochs=1']
const train = (...flags: readonly string[]) =>
  bartizan('train', ...network, '--threads', '1', '--out', 'm.onnx', ...flags)
const gated = (...flags: readonly string[]) =>
  train('--data', 'data.csv', '--label', 'label', '--require-validated', ...flags)

/** A refusal begins no work: no model, no evidence. Gives what is said, on one line. */
const refused = async (ended: ReturnType<typeof train>): Promise<string> => {
  const before = readStoredRecords(root).length
  const { exitCode, stdout, stderr } = await ended
  expect({ exitCode, stdout }, stderr).toEqual({ exitCode: 1, stdout: '' })
  expect(stderr).toContain('error EVIDENCE_INVALID: ')
  expect(existsSync('m.onnx')).toBe(false)
  expect(readStoredRecords(root).length).toBe(before)
  return stderr.replace(/\s+/g, ' ')
}

describe('training with --require-validated', () => {
  it('trains on data that passed, and both commands say on what', async () => {
    expect((await validate()).exitCode).toBe(0)
    const trained = await gated('schema.yaml', '--validated-within', '1d', '--refuse-warnings', '--json', 'r.json')
    expect(trained.stderr).toContain('standard: finished')
    expect(existsSync('m.onnx')).toBe(true)
    const hardened = await bartizan(
      ...['harden', '--method', 'standard', '--model', 'm.onnx', '--data', 'data.csv', '--label', 'label'],
      ...['--range', '0,101', '--set', 'epochs=1', '--threads', '1', '--out', 'h.onnx', '--require-validated'],
    )
    expect(hardened.stderr).toContain('standard: finished')
    const [result] = readStoredRecords(root).filter(({ statement }) => statement.predicateType === testResultType)
    const provenances = readStoredRecords(root).filter(({ statement }) => statement.predicateType.includes('slsa'))
    expect(provenances.length).toBe(2)
    for (const { statement } of provenances)
      expect(JSON.stringify(statement)).toContain(
        `{"annotations":{"role":"validation"},"digest":{"sha256":"${result.sha256}"}`,
      )
    expect((await bartizan('verify')).exitCode).toBe(0)
  })

  it('refuses data that was never validated, and names the command', async () => {
    const said = await refused(gated('schema.yaml'))
    expect(said).toContain('data.csv may not be trained on: no signed result is recorded for its bytes: it was never')
    expect(said).toContain('hint: bartizan data validate data.csv --schema schema.yaml --attest')
    const hardened = bartizan(
      ...['harden', '--method', 'standard', '--model', example('digits/digits.onnx'), '--data', 'data.csv'],
      ...['--label', 'label', '--out', 'm.onnx', '--require-validated'],
    )
    expect(await refused(hardened)).toContain('hint: bartizan data validate data.csv --schema SCHEMA --attest')
  })

  it('refuses data that was validated without --attest', async () => {
    await bartizan('data', 'validate', 'data.csv', '--schema', 'schema.yaml')
    expect(await refused(gated())).toContain('it was never validated')
  })

  it('refuses data that was changed since', async () => {
    await validate()
    writeFileSync('data.csv', table(41))
    expect(await refused(gated('schema.yaml'))).toContain('it was changed since it was validated')
  })

  it('refuses what no trusted key signed, and lets it through once that key is trusted', async () => {
    await validate()
    const [{ statement }] = readStoredRecords(root)
    root = newFolder()
    process.chdir(root)
    writeFileSync('data.csv', table(40))
    const { privateKey, publicKey } = generateKeyPairSync('ed25519')
    await recordEvidence({ root, statements: [statement], key: createSigner(privateKey) })
    const said = await refused(gated())
    expect(said).toContain('no signed result for its bytes counts: no trusted key signed the envelope')
    expect(said).toContain('or add the public key of whoever signed it')
    writeFileSync('validator.pub.pem', publicKey.export({ type: 'spki', format: 'pem' }))
    // The log is not signed by that key, so by it alone nothing is in the log.
    expect(await refused(gated('--trusted-key', 'validator.pub.pem'))).toContain('no signed result')
    const own = `${evidencePaths(root).keys}/signing.pub.pem`
    expect((await gated('--trusted-key', 'validator.pub.pem', '--trusted-key', own)).stderr).toContain('finished')
  })

  it('refuses a result that is too old, and one of the future', async () => {
    await validate('data.csv', 'schema.yaml', '--now', '2020-01-01')
    expect(await refused(gated('--validated-within', '7d'))).toContain(
      'the result of 2020-01-01T00:00:00.000Z is older than 604800 seconds (7 days)',
    )
    await validate('data.csv', 'schema.yaml', '--now', '2999-01-01')
    expect(await refused(gated('--validated-within', '7d'))).toContain('is from the future')
  })

  it('refuses a failed validation, also where an older one passed', async () => {
    await validate('data.csv', 'schema.yaml', '--now', '2026-01-01')
    writeFileSync('strict.yaml', schemaText.replace('96', '9'))
    await validate('data.csv', 'strict.yaml', '--now', '2026-01-02')
    const said = await refused(gated())
    expect(said).toContain('the validation failed: b.range')
    expect(said).toContain('--passed FILE')
    expect(await refused(gated('strict.yaml'))).toContain('the validation failed: b.range')
    expect((await gated('schema.yaml')).stderr).toContain('finished')
  })

  it('refuses a vacuous validation', async () => {
    writeFileSync('data.csv', 'a,b,label\n')
    await validate()
    expect(await refused(gated('schema.yaml'))).toContain('the result is inconclusive: ')
  })

  it('refuses a result of another schema', async () => {
    writeFileSync('other.yaml', `${schemaText}# reviewed\n`)
    await validate('data.csv', 'other.yaml')
    const said = await refused(gated('schema.yaml'))
    expect(said).toContain('it was validated, but not with this schema')
    expect(said).toContain('--schema schema.yaml --attest')
  })

  it('refuses warnings where that is asked for', async () => {
    writeFileSync('schema.yaml', schemaText.replace('max: 96', 'max: 9, severity: warning'))
    await validate()
    expect(await refused(gated('schema.yaml', '--refuse-warnings'))).toContain('it passed with warnings: b.range')
    expect((await gated('schema.yaml')).stderr).toContain('finished')
  })

  it('lets arrays through that were validated, each under its own schema, and none that was not', async () => {
    const values = Float32Array.from({ length: 80 }, (_, i) => i % 7)
    await writeNpy('x.npy', { dtype: 'float32', shape: [40, 2], data: values })
    await writeNpy('y.npy', { dtype: 'int32', shape: [40], data: Int32Array.from({ length: 40 }, (_, i) => i % 2) })
    for (const name of ['x', 'y']) await bartizan('data', 'infer', `${name}.npy`, '--out', `${name}.yaml`)
    const pair = ['--data', 'x.npy', '--labels', 'y.npy', '--range', '0,7']
    const both = [...pair, '--require-validated', 'x.yaml', '--labels-schema', 'y.yaml']
    expect(await refused(train(...both))).toContain('x.npy may not be trained on: no signed result is recorded')
    await validate('x.npy', 'x.yaml')
    expect(await refused(train(...both))).toContain('y.npy may not be trained on')
    await validate('y.npy', 'y.yaml')
    expect((await train(...both)).stderr).toContain('finished')
    rmSync('m.onnx')
    await writeNpy('x.npy', { dtype: 'float32', shape: [40, 2], data: values.map((value) => 6 - value) })
    expect(await refused(train(...both))).toContain('it was changed since it was validated')
  })

  it('refuses a folder of images that was never validated', async () => {
    mkdirSync('images/cat', { recursive: true })
    writeFileSync('images/cat/1.png', 'x')
    const said = await refused(train('--data', 'images', '--require-validated'))
    expect(said).toContain('images may not be trained on: no signed result is recorded for its bytes')
    expect(said).toContain('hint: bartizan data validate images --schema SCHEMA --attest')
  })

  it('refuses what can not be validated at all, and says why', async () => {
    writeFileSync('notes.txt', 'no rows')
    const said = await refused(train('--data', 'notes.txt', '--require-validated'))
    expect(said).toContain("and bartizan data validate can't look at it")
    expect(said).toContain('hint: tables, arrays and folders of images can be validated')
  })

  it('holds for the rows to assess on and for files of labels, which may have a schema of their own', async () => {
    writeFileSync('x.csv', `a,b\n${rows(40).replaceAll(/,[01]$/gm, '')}\n`)
    writeFileSync('y.csv', `kind,label\n${Array.from({ length: 40 }, (_, i) => `k,${i % 2}`).join('\n')}\n`)
    writeFileSync('x.yaml', 'columns: {a: {type: integer, min: 0}, b: {type: integer, min: 0}}\n')
    writeFileSync('y.yaml', 'columns: {kind: {type: string, required: true}, label: {type: integer, set: [0, 1]}}\n')
    const pair = ['--data', 'x.csv', '--labels', 'y.csv#label']
    await validate('x.csv', 'x.yaml')
    expect(await refused(train(...pair, '--require-validated', 'x.yaml'))).toContain('y.csv may not be trained on')
    await validate('y.csv', 'y.yaml')
    expect(await refused(train(...pair, '--require-validated', 'x.yaml'))).toContain('not with this schema')
    const both = [...pair, '--require-validated', 'x.yaml', '--labels-schema', 'y.yaml']
    const trained = await train(...both, '--json', 'r.json')
    expect(trained.stderr).toContain('finished')
    expect(trained.exitCode).toBeLessThan(2)

    writeFileSync('test.csv', table(20, 7))
    await validate()
    const test = ['--test', 'test.csv']
    expect((await gated('schema.yaml', ...test)).stderr).toContain('test.csv may not be trained on')
    await validate('test.csv')
    expect((await gated('schema.yaml', ...test)).stderr).toContain('finished')
  })

  it('notices a file that is changed between the gate and the reading', async () => {
    const flags: HardeningSubjectFlags = {
      data: 'data.csv',
      label: 'label',
      architecture: 'dense 2, relu, dense classes',
      output: 'auto',
      range: [0, 101],
      threads: 1,
      seed: 0,
    }
    const method = methodNamed('standard')
    const opened = async (digest: string) => {
      const subject = await hardeningSubject(flags)
      try {
        const { close } = await openHardeningRows({
          ...subject,
          command: 'train',
          settings: {},
          validated: [{ path: 'data.csv', sha256: digest, evidence: { path: 'e', sha256: digest } }],
          method,
          parameters: resolveParameters(method.id, method.parameters, {}),
          norm: 'linf',
          epsilons: [],
          battery: 'quick',
          attackRows: 1,
          maxCleanDrop: 0,
          out: 'm.onnx',
          resume: false,
          root,
          named: (path) => path,
          seed: 0,
          threads: 1,
          tool: { name: 'bartizan', version: '0' },
          progress: { start: () => {}, update: () => {}, end: () => {} },
        })
        await close()
      } finally {
        await subject.close()
      }
    }
    await expect(opened(sha256(table(40)))).resolves.toBeUndefined()
    await expect(opened(sha256(table(41)))).rejects.toMatchObject({ code: 'EVIDENCE_INVALID' })
  })

  it.each([
    [['--validated-within', '7d', '--refuse-warnings'], 'no gate for --validated-within and --refuse-warnings'],
    [['--trusted-key', 'k.pem'], 'no gate for --trusted-key'],
    [['--labels-schema', 'y.yaml'], 'no gate for --labels-schema'],
    [['--require-validated', '--validated-within', 'soon'], '--validated-within is "soon", expected a time such as'],
  ])('is not asked for by halves: %j', async (flags, message) => {
    const { exitCode, stderr } = await train('--data', 'data.csv', '--label', 'label', ...flags)
    expect(exitCode).toBe(2)
    expect(stderr.replace(/\s+/g, ' ')).toContain(message)
  })
})
