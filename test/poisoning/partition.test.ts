import { readFileSync, writeFileSync } from 'node:fs'
import { beforeAll, expect, it } from 'vitest'
import { certifiedChanges } from '../../src/defenses/partition/index.ts'
import { openClassifier } from '../../src/models/classifier.ts'
import { targetOf } from '../../src/threat/target.ts'
import { digitRows, scratchRun } from '../hardening/scratch-run.ts'
import { digits } from '../support/fixtures.ts'

const { file, run } = scratchRun()
const layers = ['--architecture', 'dense 16, relu, dense classes']
const recipe = ['epochs=6', 'batch=16', 'partitions=3', 'learning-rate=0.1'].flatMap((value) => ['--set', value])
const train = (...flags: readonly string[]) =>
  run('train', ...layers, ...digitRows, '--method', 'partition-aggregation', ...recipe, ...flags)

beforeAll(async () => {
  await run('version')
})

it('writes one file that votes, with a certificate in result, report and evidence', async () => {
  const flags = ['--out', file('vote.onnx'), '--report', file('vote.html')]
  const { exitCode, stdout, stderr, result } = await train(...flags)
  expect(exitCode, stderr + stdout).toBe(0)
  const { after, before, verdict, aim, evidence } = await result()
  expect([verdict, aim, before.vote]).toEqual(['improved', 'poisoning', undefined])
  const vote = after.vote!
  expect(vote).toMatchObject({ partitions: 3, unit: 'rows' })
  expect(vote.points[0]!.accuracy).toEqual(after.clean)
  for (const [i, { accuracy }] of vote.points.entries())
    expect(accuracy.value).toBeLessThanOrEqual(vote.points[Math.max(0, i - 1)]!.accuracy.value)
  expect(vote.points.at(-1)).toMatchObject({ changes: 2, accuracy: { value: 0 } })
  expect(vote.withstands).toHaveLength(after.clean.n)
  expect(stdout).toContain('certified, 1 row')
  expect(readFileSync(file('vote.html'), 'utf8')).toContain('Certified accuracy against the number of poisoned rows')
  const statement = JSON.parse(readFileSync(file(evidence.statement!), 'utf8'))
  const signed = JSON.parse(Buffer.from(statement.payload, 'base64').toString())
  expect(JSON.stringify(signed)).toContain(JSON.stringify(vote.withstands))
  // Votes add up, and what they certify follows from the file alone.
  const model = await openClassifier(file('vote.onnx'))
  const { x } = await digits(20)
  const votes = await targetOf(model, 'scores').logits(x, 20)
  await model.release()
  for (let row = 0; row < 20; row++) {
    const counts = votes.subarray(row * 10, (row + 1) * 10)
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(3)
    expect(certifiedChanges(counts, counts.indexOf(Math.max(...counts)))).toBeLessThanOrEqual(1)
  }
})

it('counts in whole sources where a file says where the rows come from', async () => {
  const names = Array.from({ length: 512 }, (_, row) => `shop ${row % 40}`)
  writeFileSync(file('origin.csv'), `note,source\n${names.map((name) => `x,${name}`).join('\n')}\n`)
  const { stderr, result } = await train('--sources', `${file('origin.csv')}#source`, '--out', file('sources.onnx'))
  const { after, notes, reasons } = await result()
  expect(after.vote?.unit, stderr).toBe('sources')
  expect(notes.join(' ')).toContain('40 sources')
  expect(reasons.join(' ')).toContain("one poisoned source can't change")
  writeFileSync(file('few.csv'), 'source\na\nb\n')
  const short = await train('--sources', file('few.csv'), '--out', file('short.onnx'))
  expect([short.exitCode, short.stderr]).toEqual([3, expect.stringContaining('names 2 sources')])
})
