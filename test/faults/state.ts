import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { verifyEvidence } from '../../src/evidence/index.ts'
import { fixture } from '../support/fixtures.ts'

const [model, data] = [fixture('models/breast-cancer-mlp.onnx'), fixture('results/breast-cancer-mlp.gradients.npz')]

/** Flags for a model and sixteen rows that take a moment. */
export const quick = ['--model', model, '--data', data] as const

/** Writes the configuration of an assessment on such rows, and returns its path. */
export const configureIn = (folder: string): string => {
  const path = join(folder, 'bartizan.yaml')
  const lines = [
    `model: {path: ${JSON.stringify(model)}, input: {range: [0, 5000]}}`,
    `data: {path: ${JSON.stringify(data)}}`,
    'threat: {norms: [{norm: linf, epsilon: 0.1}]}',
    'battery: [{attack: fgsm}]',
    'out: report',
  ]
  writeFileSync(path, `${lines.join('\n')}\n`)
  return path
}

/** How a command ends that had nothing to complain of. */
export const passed = { exitCode: 0, stderr: expect.not.stringContaining('error') }

/** What a project has to show: its files by path, but for those that a run only works with. */
export const results = (folder: string): ReadonlyMap<string, string> =>
  new Map(
    filesIn(folder)
      .filter((name) => /^report\/|\.dsse\.json$/.test(name) && !name.includes('/pending/'))
      .map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
  )

export const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort()

/** Nothing of the earlier results is gone or other, no file is half written, and the log can be read to its end. */
export const expectIntact = async (folder: string, earlier: ReadonlyMap<string, string>): Promise<void> => {
  const now = results(folder)
  for (const [name, text] of earlier) expect(now.get(name), name).toBe(text)
  expect(filesIn(folder).filter((name) => name.endsWith('.tmp'))).toEqual([])
  expect(await verifyEvidence(folder)).toMatchObject({ verdict: 'passed', findings: [] })
}
