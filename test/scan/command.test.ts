import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { scratchFolders } from '../../src/base/testing.ts'
import { scan } from '../../src/cli/commands/scan.ts'
import { readFlags } from '../../src/cli/flags/flag.ts'
import { outputTo } from '../../src/cli/terminal/output.ts'
import { type ScanResult, scanResultSchema } from '../../src/contract/scan-result.ts'
import { renderScanSarif, rules, scanPath, severities } from '../../src/screening/artefacts/index.ts'
import { bytes } from './support/bytes.ts'
import { externalTensor, npy, onnx } from './support/formats.ts'
import { instance, p, pickle } from './support/pickle.ts'
import { evilPickle } from './support/sample.ts'

const folders = scratchFolders()
const numbers = npy("'<f8'", '(2,)', new Uint8Array(16))
const own = pickle(instance('mymodels.layers', 'Gate'))

const folderOf = (files: Readonly<Record<string, Uint8Array>>): string => {
  const folder = folders()
  for (const [name, data] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true })
    writeFileSync(join(folder, name), data)
  }
  return folder
}

/** Runs the command as its program does. */
const run = async (path: string, given: Readonly<Record<string, unknown>> = {}) => {
  let [stdout, stderr] = ['', '']
  const terminal = {
    stdout: { write: (text: string) => (stdout += text), columns: 100 },
    stderr: { write: (text: string) => (stderr += text), columns: 100 },
  }
  const flags = readFlags(scan.flags, given)
  const exitCode = await scan.run({ flags, arguments: [path], seed: 0, out: outputTo(terminal, '-') })
  return { exitCode, text: stderr, result: scanResultSchema.parse(JSON.parse(stdout)) satisfies ScanResult }
}

describe('bartizan scan', () => {
  it('passes a folder of numbers, and says what it looked at', async () => {
    const { exitCode, text, result } = await run(folderOf({ 'a/x.npy': numbers, 'b.npy': numbers }))
    expect(exitCode).toBe(0)
    expect(result).toMatchObject({
      verdict: 'passed',
      files: 2,
      bytes: 2 * numbers.length,
      findings: [],
      unscanned: [],
    })
    expect(text).toContain('PASSED')
  })

  it('fails by a finding, names file, rule, place and what to do', async () => {
    const { exitCode, text, result } = await run(folderOf({ 'm/model.pkl': evilPickle }))
    expect(exitCode).toBe(1)
    expect(result.verdict).toBe('failed')
    expect(result.findings).toEqual([
      {
        file: 'm/model.pkl',
        rule: 'pickle-dangerous-import',
        severity: 'critical',
        where: 'byte 14',
        message: 'it imports os.system',
        hint: rules['pickle-dangerous-import'].hint,
      },
    ])
    expect(text).toContain('it imports os.system')
  })

  it('takes one file', async () => {
    const folder = folderOf({ 'model.pkl': evilPickle })
    const { result } = await run(join(folder, 'model.pkl'))
    expect(result).toMatchObject({ files: 1, findings: [{ file: 'model.pkl' }] })
  })

  it('is inconclusive where something can’t be looked into, and where there is nothing', async () => {
    const packed = await run(folderOf({ 'model.pt': bytes('7z\xbc\xaf\x27\x1c', new Uint8Array(40)) }), {
      failOn: 'critical',
    })
    expect([packed.exitCode, packed.result.verdict]).toEqual([1, 'inconclusive'])
    const empty = await run(folders())
    expect([empty.exitCode, empty.result.verdict]).toEqual([1, 'inconclusive'])
  })

  it('lets --fail-on decide, and lists the finding all the same', async () => {
    const folder = folderOf({ 'm.pkl': own })
    const strict = await run(folder)
    const lenient = await run(folder, { failOn: 'high' })
    expect([strict.exitCode, lenient.exitCode]).toEqual([1, 0])
    expect(lenient.result.findings).toEqual(strict.result.findings)
  })

  it('takes the user’s own classes by name or module', async () => {
    const folder = folderOf({ 'm.pkl': own })
    expect((await run(folder, { allow: ['mymodels.layers.Gate'] })).exitCode).toBe(0)
    expect((await run(folder, { allow: ['mymodels.*'] })).exitCode).toBe(0)
    expect((await run(folder, { allow: ['mymodels.layers.Other'] })).exitCode).toBe(1)
  })

  it.each(['os.system', 'os.*', 'builtins.eval', 'subprocess.Popen', 'torch.hub.load', 'Gate'])(
    'refuses --allow %s',
    async (allow) => {
      await expect(run(folderOf({ 'm.pkl': evilPickle }), { allow: [allow] })).rejects.toMatchObject({ code: 'USAGE' })
    },
  )

  it('does not let --allow of a package excuse what runs code in it', async () => {
    const data = pickle(instance('torch.hub', 'load'))
    expect((await run(folderOf({ 'm.pkl': data }), { allow: ['torch.*'] })).exitCode).toBe(1)
  })

  it('refuses a path that is not there', async () => {
    await expect(run(join(folders(), 'nothing'))).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' })
  })

  it('follows no links: those within count once, those outside are not passed over', async () => {
    const folder = folderOf({ 'blobs/x.npy': numbers })
    symlinkSync('blobs/x.npy', join(folder, 'model.npy'))
    expect((await run(folder)).result).toMatchObject({ files: 1, verdict: 'passed' })
    symlinkSync('/etc/hostname', join(folder, 'elsewhere'))
    symlinkSync('.', join(folder, 'loop'))
    const { exitCode, result } = await run(folder)
    expect(exitCode).toBe(1)
    expect(result.findings.map(({ rule, file }) => [rule, file])).toEqual([['link-outside', 'elsewhere']])
    expect(result.unscanned.map(({ file }) => file)).toEqual(['elsewhere'])
  })

  it('looks for the weights of an ONNX model beside it', async () => {
    const model = onnx({ tensors: [externalTensor('w.data')] })
    expect((await run(folderOf({ 'm.onnx': model, 'w.data': new Uint8Array(4) }))).result.findings).toEqual([])
    expect((await run(folderOf({ 'm.onnx': model }))).result.findings).toMatchObject([
      { rule: 'onnx-external-missing' },
    ])
    const folder = folderOf({ 'm.onnx': model })
    symlinkSync('/etc/hostname', join(folder, 'w.data'))
    const { result } = await run(folder)
    expect(result.findings.map(({ rule }) => rule)).toContain('onnx-external-path')
  })

  it('names scripts and notebooks without failing', async () => {
    const { exitCode, result } = await run(
      folderOf({ 'train.py': bytes('import os\n'), 'a.ipynb': bytes('{}'), run: bytes('#!/bin/sh\n') }),
    )
    expect(exitCode).toBe(0)
    expect(result.findings.map(({ rule }) => rule)).toEqual(['script-file', 'script-file', 'script-file'])
  })

  it('gives the same result for the same folder', async () => {
    const folder = folderOf({ 'b.pkl': evilPickle, 'a.pkl': own, 'c/d.npy': numbers })
    expect((await run(folder)).result).toEqual((await run(folder)).result)
  })
})

describe('SARIF', () => {
  it('has a rule and a place for every result, and shows what was not looked into', async () => {
    const folder = folderOf({
      'a b[1].pkl': evilPickle,
      'm.pt': bytes('Rar!\x1a\x07', new Uint8Array(40)),
      'c.json': bytes('{\n"trust_remote_code": true}'),
    })
    const file = join(folders(), 'scan.sarif')
    await run(folder, { sarif: file })
    const { version, runs } = JSON.parse(readFileSync(file, 'utf8'))
    const [{ tool, results, invocations }] = runs
    expect([version, runs.length, invocations[0].exitCode]).toEqual(['2.1.0', 1, 1])
    expect(results.map(({ ruleId }: { ruleId: string }) => ruleId).sort()).toEqual([
      'extension-mismatch',
      'not-inspected',
      'pickle-dangerous-import',
      'remote-code',
    ])
    for (const { ruleId, ruleIndex, locations } of results) {
      expect(tool.driver.rules[ruleIndex].id).toBe(ruleId)
      expect(locations).toHaveLength(1)
      expect(locations[0].physicalLocation.region.startLine).toBeGreaterThan(0)
    }
    const byRule = new Map<
      string,
      {
        readonly physicalLocation: {
          readonly artifactLocation: { readonly uri: string }
          readonly region: { readonly startLine: number }
        }
      }
    >(results.map((result: { ruleId: string; locations: readonly unknown[] }) => [result.ruleId, result.locations[0]]))
    expect(byRule.get('pickle-dangerous-import')?.physicalLocation.artifactLocation.uri).toMatch(/a%20b%5B1%5D\.pkl$/)
    expect(byRule.get('remote-code')?.physicalLocation.region.startLine).toBe(2)
  })

  it('is the same bytes for the same result', async () => {
    const result = await scanPath(folderOf({ 'a.pkl': evilPickle }), { failOn: 'medium' })
    const options = { version: '1.0.0', base: 'models' }
    expect(renderScanSarif(result, options)).toBe(renderScanSarif(result, options))
    expect(renderScanSarif(result, options)).toContain('"uri": "models/a.pkl"')
  })
})

describe('the table of rules', () => {
  it('has ids that stay readable, a severity, a meaning and advice', () => {
    for (const [id, rule] of Object.entries(rules)) {
      expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)+$/)
      expect(severities).toContain(rule.severity)
      expect(rule.meaning.length * rule.hint.length).toBeGreaterThan(200)
    }
  })

  it('is in the documentation, rule by rule', () => {
    const docs = readFileSync(new URL('../../docs/how-to/scan-artefacts.md', import.meta.url), 'utf8')
    const rows = docs.split('\n').map((line) => line.replace(/\s+/g, ' '))
    for (const [id, { severity, title }] of Object.entries(rules))
      expect(rows).toContain(`| \`${id}\` | ${severity} | ${title} |`)
  })
})

describe('a pickle that is large', () => {
  it('is followed to its end in bounded memory', async () => {
    const row = bytes(p.text('name'), p.memoize, p.longInt(70_000), p.tuple2, p.append)
    const data = Buffer.concat([p.proto(4), p.emptyList, ...Array.from({ length: 100_000 }, () => row), p.stop])
    const before = process.memoryUsage().heapUsed
    const { result } = await run(folderOf({ 'm.pkl': data }))
    expect(result.verdict).toBe('passed')
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(300 * 2 ** 20)
  })
})
