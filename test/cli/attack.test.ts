import { readFile, stat } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { attackResultSchema } from '../../src/contract/index.ts'
import { readNpy, readNpz } from '../../src/data/index.ts'
import { example, digits as rows } from '../support/fixtures.ts'
import { bartizan, digits, scratch } from './bartizan.ts'

const file = scratch()
const attack = (name: string, ...flags: string[]) => bartizan('attack', 'run', name, ...digits, ...flags)

describe('bartizan attack run', () => {
  it('writes the result of the contract, and the examples that it counted', async () => {
    const flags = ['--eps', '26/255', '--rows', '16:80', '--save', file('e.npy'), '--json', file('r.json')]
    const { exitCode, stdout, stderr } = await attack('fgsm', ...flags)
    expect(exitCode, stderr).toBe(0)
    const result = attackResultSchema.parse(JSON.parse(await readFile(file('r.json'), 'utf8')))
    expect(result).toMatchObject({ attack: 'fgsm', norm: 'linf', epsilon: 26 / 255, seed: 0, rows: 64 })
    expect(result.robustAccuracy.value).toBeLessThan(result.cleanAccuracy.value)
    expect(stdout).toContain('budget 0.102 (26/255), 64 rows')
    expect(stderr).toMatch(/^clean rows: .*\nfgsm: robust accuracy/)

    const saved = await readNpy(file('e.npy'))
    expect(saved).toMatchObject({ dtype: 'float32', shape: [64, 1, 28, 28] })
    const clean = (await rows(80)).x.subarray(16 * 784)
    const largest = clean.reduce((max, value, i) => Math.max(max, Math.abs(value - Number(saved.data[i]))), 0)
    expect(largest).toBeCloseTo(26 / 255, 6)
    const again = await bartizan(
      'predict',
      ...digits.slice(0, 2),
      '--data',
      file('e.npy'),
      '--labels',
      await labels(16, 80),
      '--json',
      '-',
    )
    expect(JSON.parse(again.stdout).accuracy.value).toBe(result.robustAccuracy.value)
  })

  it('gives the same rows for the same seed, whatever rows they are attacked with', async () => {
    const pgd = (name: string, range: string, seed: string) =>
      attack('pgd', '--eps', '0.1', '--set', 'steps=2', '--rows', range, '--seed', seed, '--save', file(name))
    await pgd('a.npy', '0:12', '7')
    await pgd('b.npy', '8:12', '7')
    await pgd('c.npy', '8:12', '8')
    const [a, b, c] = await Promise.all(['a.npy', 'b.npy', 'c.npy'].map((name) => readNpy(file(name))))
    const largest = (x: ArrayLike<number | bigint>, y: ArrayLike<number | bigint>): number =>
      Array.from(x, (value, i) => Math.abs(Number(value) - Number(y[i]))).reduce((p, q) => Math.max(p, q), 0)
    expect(largest(a!.data.subarray(8 * 784), b!.data)).toBeLessThan(1e-5)
    expect(largest(b!.data, c!.data)).toBeGreaterThan(0.01)
  })

  it('keeps standard output to JSON alone with --json -', async () => {
    const { exitCode, stdout, stderr } = await attack('fgsm', '--eps', '0.1', '--rows', '0:4', '--json', '-')
    expect(exitCode).toBe(0)
    attackResultSchema.parse(JSON.parse(stdout))
    expect(stderr).toContain('after fgsm')
  })

  it('moves rows towards a class, and leaves out those of that class', async () => {
    const { exitCode, stdout } = await attack('bim', '--eps', '0.3', '--rows', '0:32', '--targets', '3')
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/target +class 3, reached by [1-9]\d* rows/)
    expect(stdout).toMatch(/left out +\d+ rows? of the target class/)
  })

  it.each([
    [
      'bytes in a range of 0 to 1',
      ['--scale', '1'],
      3,
      'DATA_OUT_OF_RANGE',
      /row 0, index \[\d+, \d+\]: \d+ is outside .*\n.*scale 1\/255/,
    ],
    ['rows that are not there', ['--rows', '500:600'], 3, 'DATA_SHAPE_MISMATCH', /holds 512/],
    ['a norm that the attack does not know', ['--norm', 'l0'], 2, 'ATTACK_NOT_APPLICABLE', /linf, l2, l1/],
    ['a target that is no class', ['--targets', '10'], 2, 'USAGE', /classes 0 to 9/],
    ['a negative budget', ['--eps', '-1'], 2, 'USAGE', /can't be negative/],
    [
      'a file that can not be written',
      ['--save', '/no/such/folder/e.npy'],
      3,
      'FILE_UNWRITABLE',
      /folder doesn't exist/,
    ],
  ])('refuses %s', async (_, flags, exitCode, code, message) => {
    const ended = await attack('fgsm', '--eps', '0.1', '--rows', '0:4', ...flags)
    expect(ended.exitCode).toBe(exitCode)
    expect(ended.stderr).toContain(`error ${code}: `)
    expect(ended.stderr).toMatch(message)
    expect(ended.stdout).toBe('')
  })

  it('refuses rows without labels', async () => {
    const flags = ['--model', example('digits/digits.onnx'), '--data', example('digits/images-idx3-ubyte')]
    const ended = await bartizan('attack', 'run', 'fgsm', ...flags, '--eps', '0.1')
    expect(ended).toMatchObject({ exitCode: 3, stdout: '' })
    expect(ended.stderr).toContain('--labels FILE')
  })

  it('leaves no file behind where it fails', async () => {
    const ended = await attack('fgsm', '--eps', '0.1', '--norm', 'l0', '--rows', '0:4', '--save', file('never.npy'))
    expect(ended.exitCode).toBe(2)
    await expect(stat(file('never.npy'))).rejects.toThrow()
  })
})

describe('what an attack makes for all rows', () => {
  const few = ['--eps', '0.2', '--rows', '0:40']

  it('is kept, shown with its size, and put on rows again', async () => {
    const made = await attack(
      'universal',
      ...few,
      ...['--save-fitted', file('u.npz'), '--report', file('u.html'), '--json', file('u.json')],
    )
    expect(made.exitCode, made.stderr).toBe(0)
    const result = attackResultSchema.parse(JSON.parse(await readFile(file('u.json'), 'utf8')))
    expect(result.fitted).toMatchObject({ shape: [1, 28, 28], fitRows: 20, judgedRows: 20, overlap: 0 })
    expect(made.stdout).toMatch(/made from +20 rows \(\d+ of them right\), judged on 20 others/)
    const { universal } = await readNpz(file('u.npz'))
    expect(universal).toMatchObject({ dtype: 'float32', shape: [1, 28, 28] })
    const page = await readFile(file('u.html'), 'utf8')
    expect(page).toContain('alt="Perturbation, enlarged ×5"')
    expect(page).toContain(result.fitted!.sha256)

    const again = await attack('universal', ...few, '--fitted', file('u.npz'), '--json', '-')
    const other = attackResultSchema.parse(JSON.parse(again.stdout))
    expect(other.fitted).toMatchObject({ sha256: result.fitted!.sha256, judgedRows: 40 })
    expect(other.fitted!.file).toMatchObject({ path: file('u.npz') })
  })

  it.each([
    ['of another attack', 'patch', ['--fitted', 'u.npz'], 2, /holds universal, and nothing of patch/],
    ['beyond the budget', 'universal', ['--fitted', 'u.npz', '--eps', '0.1'], 3, /more than the budget 0.1/],
    ['of an attack that makes none', 'pgd', ['--fitted', 'u.npz'], 2, /a change of its own for every row/],
    ['that is to be kept of one', 'pgd', ['--save-fitted', 'v.npz'], 2, /a change of its own for every row/],
  ] as const)('is refused %s', async (_, name, [flag, path, ...more], exitCode, message) => {
    const ended = await attack(name, ...few, flag, file(path), ...more)
    expect(ended.stderr).toMatch(message)
    expect(ended).toMatchObject({ exitCode, stdout: '' })
  })
})

/** Labels of some of the rows, as a file. */
const labels = async (from: number, to: number): Promise<string> => {
  const { writeNpy } = await import('../../src/data/index.ts')
  const { y } = await rows(to)
  await writeNpy(file('y.npy'), { dtype: 'int32', shape: [to - from], data: y.slice(from) })
  return file('y.npy')
}
