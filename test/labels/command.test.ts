import { readFile, writeFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { stream } from '../../src/base/random.ts'
import { annotationsResultSchema } from '../../src/contract/annotations.ts'
import { labelsResultSchema } from '../../src/contract/labels.ts'
import { openData, writeNpy } from '../../src/data/index.ts'
import { drawnLabels, tenRows } from '../../src/screening/labels/confident/testing.ts'
import { bartizan, scratchFolders } from '../cli/bartizan.ts'
import { fixture } from '../support/fixtures.ts'

const folder = scratchFolders()

/** Runs the command and gives its exit code, what it printed and, where it ended well, the result. */
const labels = async (...args: readonly string[]) => {
  const { exitCode, stdout, stderr } = await bartizan('data', 'labels', ...args, '--threads', '1', '--json', '-')
  return { exitCode, stderr, result: (exitCode ?? 4) > 1 ? undefined : labelsResultSchema.parse(JSON.parse(stdout)) }
}

const written = async (
  given: Int32Array,
  probabilities: Float64Array,
  classes: number,
): Promise<{ readonly at: string; readonly y: string; readonly p: string }> => {
  const at = folder()
  const [y, p] = [`${at}/y.npy`, `${at}/p.npy`]
  await writeNpy(y, { dtype: 'int32', shape: [given.length], data: given })
  await writeNpy(p, { dtype: 'float64', shape: [probabilities.length / classes, classes], data: probabilities })
  return { at, y, p }
}

const ten = () => written(tenRows.labels, tenRows.probabilities as Float64Array, 3)

describe('probabilities that are brought', () => {
  it('find row 2 of the ten, with all counts agreeing', async () => {
    const { y, p } = await ten()
    const { exitCode, result, stderr } = await labels(y, '--probabilities', p)
    expect(exitCode).toBe(0)
    expect(stderr).toContain('1 label of 10 probably wrong')
    expect(result).toMatchObject({
      kind: 'labels',
      rows: 10,
      classes: [0, 1, 2],
      agreement: null,
      annotators: null,
      joint: {
        counts: [
          [2, 0, 0],
          [0, 6, 1],
          [0, 0, 1],
        ],
      },
      health: { issues: 1, score: 0.9, noiseRate: { value: 0.1, n: 10 } },
      overlap: [{ a: 1, b: 2, rows: 1, aToB: 1, bToA: 0 }],
      verdict: 'not judged',
    })
    expect(result!.issues).toEqual([{ row: 2, given: 1, suggested: 2, score: 0 }])
    expect(result!.joint.calibrated).toEqual(result!.joint.counts)
    expect(result!.notes.join()).toContain('out of fold')
  })

  it.each([
    ['0.05', 1, 'failed'],
    ['0.1', 0, 'passed'],
  ] as const)('at most %s wrong: exit code %d', async (most, code, verdict) => {
    const { y, p } = await ten()
    const { exitCode, result } = await labels(y, '--probabilities', p, '--at-most', most)
    expect({ exitCode, verdict: result?.verdict }).toEqual({ exitCode: code, verdict })
  })

  it('save every issue, and the record of it', async () => {
    const many = drawnLabels({ seed: 2, rows: 600, classes: 3, sharpness: 6, noise: 0.3 })
    const { at, y, p } = await written(many.labels, many.probabilities as Float64Array, 3)
    const csv = `${at}/issues.csv`
    const { result } = await labels(y, '--probabilities', p, '--save', csv, '--project', at)
    const lines = (await readFile(csv, 'utf8')).trimEnd().split('\n')
    expect(lines[0]).toBe('row,given,suggested,score')
    expect(lines.slice(1)).toEqual(
      result!.issues.map(({ row, given, suggested, score }) => [row, given, suggested, score].join(',')),
    )
    expect(lines.length).toBeGreaterThan(100)
    expect(result!.outputs.issues?.path).toBe('issues.csv')
    const record = JSON.parse(await readFile(`${at}/${result!.outputs.record!.path}`, 'utf8'))
    const statement = JSON.parse(Buffer.from(record.payload ?? record.dsseEnvelope.payload, 'base64').toString())
    expect(statement.predicate).toMatchObject({
      step: 'check-labels',
      changes: { rows: { in: 600 }, rules: [{ rule: 'prune-by-noise-rate', rows: result!.issues.length }] },
    })
    expect(statement.predicate.materials).toHaveLength(2)
    expect(statement.predicate.command).toContain('bartizan data labels y.npy --probabilities p.npy')
  })

  it('know their classes by the names of their columns, in whatever order', async () => {
    const at = folder()
    const rows = Array.from({ length: 12 }, (_, row) => (row % 2 === 0 ? 'dog' : 'cat'))
    await writeFile(`${at}/rows.csv`, ['name,animal', ...rows.map((animal, i) => `n${i},${animal}`), ''].join('\n'))
    const p = rows.map((animal, i) => ((animal === 'dog') === (i !== 4) ? '0.9,0.1' : '0.1,0.9'))
    await writeFile(`${at}/p.csv`, ['dog,cat', ...p, ''].join('\n'))
    const { result } = await labels(`${at}/rows.csv`, '--label', 'animal', '--probabilities', `${at}/p.csv`)
    expect(result!.classes).toEqual(['dog', 'cat'])
    expect(result!.issues).toMatchObject([{ row: 4, given: 'dog', suggested: 'cat' }])
    expect(result!.health.noiseRate.value).toBeCloseTo(1 / 12, 12)
  })

  it('of some rows are told by the rows of the file', async () => {
    const { y, p } = await ten()
    const { result } = await labels(y, '--probabilities', p, '--rows', '1:10')
    expect(result!.rows).toBe(9)
    expect(result!.issues.map(({ row }) => row)).toEqual([2])
  })

  it('have classes that no row is labelled as, and of one row', async () => {
    const { y, p } = await written(
      Int32Array.from([0, 0, 2, 2, 3]),
      Float64Array.from([0.9, 0, 0.1, 0, 0.8, 0, 0.2, 0, 0.1, 0, 0.9, 0, 0.95, 0, 0.05, 0, 0.6, 0, 0.1, 0.3]),
      4,
    )
    const { result } = await labels(y, '--probabilities', p)
    expect(result!.issues.map(({ row }) => row)).toEqual([3])
    expect(result!.notes).toContain('No row is labelled 1.')
    expect(result!.notes.join()).toContain('One row alone is labelled 3')
    expect(result!.health.classes.find((one) => one.class === 1)?.noise).toBeNull()
  })

  it('of a model that is too weak are called that', async () => {
    const weak = drawnLabels({ seed: 2, rows: 300, classes: 3, sharpness: 1, noise: 0 })
    const { y, p } = await written(weak.labels, weak.probabilities as Float64Array, 3)
    const { result } = await labels(y, '--probabilities', p)
    expect(result!.notes.join()).toContain('too weak')
  })

  const changed = (at: number, value: number): Float64Array =>
    (tenRows.probabilities as Float64Array).map((p, i) => (i === at ? value : p))
  it.each([
    ['NaN', tenRows.labels, changed(5, Number.NaN), 'DATA_CORRUPT'],
    ['a sum of 1.3', tenRows.labels, changed(5, 0.5), 'DATA_CORRUPT'],
    ['a row too few', tenRows.labels, changed(0, 0.9).slice(3), 'DATA_SHAPE_MISMATCH'],
    ['equal labels', new Int32Array(10), changed(0, 0.9), 'DATA_LABEL_INVALID'],
    ['a label beyond', tenRows.labels.map((label) => label + 1), changed(0, 0.9), 'DATA_LABEL_INVALID'],
  ] as const)('with %s are refused', async (_, given, probabilities, code) => {
    const { y, p } = await written(given, probabilities, 3)
    const { exitCode, stderr } = await labels(y, '--probabilities', p)
    expect(exitCode).toBe(3)
    expect(stderr).toContain(`error ${code}`)
  })
})

/** Three clouds in the plane as CSV; every tenth label is moved to the next class. */
const clouds = async (rows: number) => {
  const at = folder()
  const lines = Array.from({ length: rows }, (_, row) => {
    const random = stream('clouds', row)
    const truth = row % 3
    const angle = (2 * Math.PI * truth) / 3
    const label = row % 10 === 0 ? (truth + 1) % 3 : truth
    return [Math.cos(angle) + 0.15 * random.normal(), 500 * (Math.sin(angle) + 0.15 * random.normal()), label].join()
  })
  await writeFile(`${at}/rows.csv`, ['a,b,y', ...lines, ''].join('\n'))
  return { at, file: `${at}/rows.csv` }
}

describe('probabilities of our own', () => {
  it('of a table find labels that were moved, and can be brought again', async () => {
    const { at, file } = await clouds(150)
    const [csv, p] = [`${at}/issues.csv`, `${at}/p.npy`]
    const recipe = ['--set', 'epochs=15', '--set', 'batch=16', '--set', 'learning-rate=0.02', '--folds', '3']
    const saved = ['--save', csv, '--save-probabilities', p, '--project', at]
    const { exitCode, result } = await labels(file, '--label', 'y', '--architecture', 'logistic', ...recipe, ...saved)
    expect(exitCode).toBe(0)
    const found = result!.issues.filter(({ row }) => row % 10 === 0)
    expect(found.length / 15).toBeGreaterThanOrEqual(0.9)
    expect(found.length / result!.issues.length).toBeGreaterThanOrEqual(0.9)
    expect(result!.probabilities).toMatchObject({ from: 'cross-validation', network: 'dense classes', folds: 3 })
    const again = await labels(file, '--label', 'y', '--probabilities', p)
    expect(again.result!.issues.map(({ row }) => row)).toEqual(result!.issues.map(({ row }) => row))
    const set = await openData({ path: p })
    expect([set.rows, set.shape]).toEqual([150, [3]])
    await set.close()
  })

  it('of the graph of a model, drawn anew, do too', async () => {
    const at = folder()
    // Without the last column, which says how the rows were split.
    const stored = (await readFile(fixture('data/breast-cancer.csv'), 'utf8')).trimEnd().split('\n')
    const [head, ...lines] = stored.map((line) => line.slice(0, line.lastIndexOf(',')))
    const wrong = lines.map((_, row) => row % 12 === 5)
    const flipped = lines.map((line, row) => (wrong[row] ? line.replace(/[01]$/, (y) => String(1 - Number(y))) : line))
    await writeFile(`${at}/rows.csv`, [head, ...flipped, ''].join('\n'))
    const model = fixture('models/breast-cancer-mlp.onnx')
    const recipe = ['--set', 'epochs=8', '--set', 'batch=32', '--folds', '3']
    const { result } = await labels(`${at}/rows.csv`, '--label', 'target', '--model', model, ...recipe)
    const found = result!.issues.filter(({ row }) => wrong[row])
    expect(found.length / wrong.filter(Boolean).length).toBeGreaterThan(0.7)
    expect(found.length / result!.issues.length).toBeGreaterThan(0.7)
    expect(result!.probabilities.network).toBe(model)
  })

  it('are refused where flags contradict', async () => {
    const { file } = await clouds(12)
    const flags = [file, '--label', 'y']
    expect((await labels(...flags, '--model', 'm.onnx', '--architecture', 'mlp')).exitCode).toBe(2)
    expect((await labels(...flags, '--probabilities', file, '--architecture', 'mlp')).exitCode).toBe(2)
    expect((await labels(...flags, '--folds', '1')).exitCode).toBe(2)
    expect((await labels()).exitCode).toBe(2)
    expect((await labels(file)).stderr).toContain('DATA_LABEL_INVALID')
  })
})

describe('a table of answers by several annotators', () => {
  const answers = async () => {
    const at = folder()
    const lines = Array.from({ length: 24 }, (_, i) =>
      ['ann', 'bob', 'cyd'].map((who, a) => `${i},${who},${(i + (i % 8 === a ? 1 : 0)) % 2}`),
    ).flat()
    await writeFile(`${at}/answers.csv`, ['item,annotator,label', ...lines, ''].join('\n'))
    return `${at}/answers.csv`
  }
  it.each([
    ['--annotations', (file: string) => ['--annotations', file]],
    ['--annotator', (file: string) => [file, '--annotator', 'annotator']],
  ] as const)('is judged with %s', async (_, flags) => {
    const { stdout } = await bartizan('data', 'labels', ...flags(await answers()), '--json', '-')
    const result = annotationsResultSchema.parse(JSON.parse(stdout))
    expect(result.counts).toMatchObject({ items: 24, annotators: 3, answers: 72 })
    expect(result.issueCount).toBe(9)
    expect(result.agreement.krippendorff.figure?.value).toBeGreaterThan(0.4)
  })
  it('is not judged together with a file of rows, nor audited without a bound', async () => {
    const file = await answers()
    expect((await bartizan('data', 'labels', 'rows.csv', '--annotations', file)).exitCode).toBe(2)
    expect((await bartizan('data', 'labels', '--annotations', file, '--audited', '3')).exitCode).toBe(2)
  })
})
