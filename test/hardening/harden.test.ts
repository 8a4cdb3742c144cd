import { readFile, stat } from 'node:fs/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import { fileDigest, writeNpy } from '../../src/data/index.ts'
import { readModel } from '../../src/onnx/index.ts'
import { bartizan } from '../cli/bartizan.ts'
import { example, digits as firstRows } from '../support/fixtures.ts'
import { digitRows, scratchRun } from './scratch-run.ts'

const { file, run } = scratchRun()
const model = () => file('plain.onnx')
const harden = (method: string, ...flags: readonly string[]) =>
  run('harden', '--method', method, '--model', model(), ...digitRows, '--battery', 'quick', ...flags)

/** A small net, trained by Bartizan alone. */
let trained: Awaited<ReturnType<typeof run>>
beforeAll(async () => {
  const layers = ['--architecture', 'dense 32, relu, dense classes']
  trained = await run('train', ...layers, ...digitRows, '--set', 'epochs=8', '--set', 'batch=32', '--out', model())
}, 60_000)

describe('bartizan train', () => {
  it('trains a network from nothing, measures it before and after, and attacks nothing without a budget', async () => {
    expect(trained.exitCode, trained.stderr).toBe(0)
    const result = JSON.parse(await readFile(file('result.json'), 'utf8'))
    expect(result).toMatchObject({ method: 'standard', aim: 'accuracy', verdict: 'improved', seed: 0 })
    expect(result.model.before.architecture).toBe('dense 32, relu, dense classes')
    expect(result.model.after.sha256).toBe(await fileDigest(model()))
    expect(result.before.clean.value).toBeLessThan(0.25)
    expect(result.after.clean.value).toBeGreaterThan(0.75)
    expect(result.after).not.toHaveProperty('robustness')
    expect(result.epochs).toHaveLength(8)
    const { training, validation, assessment, heldOut } = result.data
    expect([training.rows, validation.rows, assessment.rows, heldOut]).toEqual([368, 42, 102, true])
    expect(trained.stdout).toContain('nothing was attacked')
    expect(readModel(await readFile(model())).graph.inputs[0]!.dims).toEqual(['batch', 1, 28, 28])
  })
})

describe('bartizan harden', () => {
  it('exits with 0 where the new model holds better, with evidence that verifies and a report', async () => {
    const recipe = ['epochs=12', 'steps=5', 'batch=32', 'validation-steps=3'].flatMap((value) => ['--set', value])
    const flags = ['--eps', '0.05,0.1', '--max-clean-drop', '0.1', '--out', file('hard.onnx')]
    const report = ['--report', file('report.html')]
    const { exitCode, stdout, stderr, result } = await harden('adversarial-training', ...recipe, ...flags, ...report)
    expect(exitCode, stderr + stdout).toBe(0)
    const { verdict, before, after, params, model: files, evidence, epochs } = await result()
    expect(verdict).toBe('improved')
    const worst = [before, after].map(({ robustness }) => robustness!.worst.map(({ accuracy }) => accuracy.value))
    expect(worst[1]![1]).toBeGreaterThan(worst[0]![1]! + 0.1)
    expect(before.robustness!.worst.map(({ epsilon }) => epsilon)).toEqual([0.05, 0.1])
    expect(after.robustness!.probes.map(({ id }) => id)).toContain('pgd-linf-0.1')
    expect(params).toMatchObject({ steps: 5, epochs: 12 })
    expect(files.after).toEqual({ path: 'hard.onnx', sha256: await fileDigest(file('hard.onnx')) })
    expect(epochs.at(-1)!.validation!.robustAccuracy).toBeGreaterThan(0)
    expect(stdout).toContain('IMPROVED:')
    expect(stderr).toMatch(/^after: pgd-linf-0\.1: robust accuracy/m)
    expect(await readFile(file('report.html'), 'utf8')).toContain('data-verdict="improved"')
    expect((await stat(evidence.statement!)).isFile()).toBe(true)
    expect((await bartizan('verify')).exitCode).toBe(0)
  })

  it('exits with 1 and still writes the model where nothing is gained', async () => {
    const flags = ['--set', 'epochs=1', '--set', 'learning-rate=1e-7', '--set', 'steps=1', '--attack-rows', '40']
    const { exitCode, stdout, result } = await harden('trades', ...flags, '--eps', '0.1', '--out', file('same.onnx'))
    expect(exitCode, stdout).toBe(1)
    const { verdict, data } = await result()
    expect(verdict).toBe('unchanged')
    expect(data.attacked).toBe(40)
    expect((await stat(file('same.onnx'))).isFile()).toBe(true)
    expect(stdout).toContain('UNCHANGED:')
  })

  it('fails where training diverges, and keeps the last good weights', async () => {
    const flags = ['--set', 'epochs=3', '--set', 'learning-rate=1e9', '--set', 'batch=16', '--attack-rows', '20']
    const ended = await run('train', '--model', model(), ...digitRows, ...flags, '--out', file('last-good.onnx'))
    expect(ended.exitCode).toBe(1)
    const { verdict, stopped, after, reasons } = await ended.result()
    expect([verdict, stopped!.reason]).toEqual(['failed', 'diverged'])
    expect(reasons[0]).toMatch(/^Training stopped \(diverged\)/)
    expect(after.clean.value).toBeGreaterThan(0)
  })

  it('judges by what a method aims at', async () => {
    const { exitCode, stdout, result } = await harden('quantisation', '--eps', '0.05', '--out', file('int8.onnx'))
    expect(exitCode, stdout).toBe(0)
    const { aim, before, after } = await result()
    expect(aim).toBe('size')
    expect(after.size.bytes).toBeLessThan(before.size.bytes / 2)
    expect(after.robustness!.probes.some(({ flags }) => flags.some(({ id }) => id === 'estimated-gradient'))).toBe(true)
  })

  it('attacks a detector together with its model', async () => {
    const flags = ['--eps', '0.1', '--attack-rows', '24', '--out', file('watched.onnx')]
    const { result } = await harden('detector-energy', ...flags)
    const { after, before } = await result()
    expect(before).not.toHaveProperty('detection')
    const [point] = after.detection!.points
    expect(after.detection).toMatchObject({ detector: 'energy' })
    expect(point!.adaptive!.value).toBeLessThanOrEqual(point!.plain.value)
  })

  it('averages over what a model draws, and says so', async () => {
    const flags = ['--eps', '0.05', '--attack-rows', '16', '--out', file('random.onnx')]
    const { result } = await harden('random-resize-pad', ...flags)
    const { after, notes } = await result()
    expect(after.robustness!.probes.find(({ attack }) => attack === 'pgd')!.params).toMatchObject({ eot: 16 })
    expect(notes.join(' ')).toContain('averages its gradients over 16 draws')
  })

  it('certifies both models where the new one is to be smoothed', async () => {
    const recipe = ['epochs=2', 'sigma=0.25', 'n=200'].flatMap((value) => ['--set', value])
    const flags = ['--norm', 'l2', '--eps', '0.25', '--attack-rows', '16', '--max-clean-drop', '0.5']
    const { result, stderr } = await harden('noise-training', ...recipe, ...flags, '--out', file('smooth.onnx'))
    const { before, after } = await result()
    expect(stderr).toContain('certificates')
    for (const { certified } of [before, after]) {
      expect(certified).toMatchObject({ sigma: 0.25, n: 200 })
      expect(certified!.points.map(({ radius }) => radius)).toEqual([0, 0.25])
      expect(certified!.points[1]!.accuracy.value).toBeLessThanOrEqual(certified!.points[0]!.accuracy.value)
    }
  })

  it('takes rows of its own for the assessment, and trains on none that equal them', async () => {
    const { x, y } = await firstRows(100)
    await writeNpy(file('test.npy'), { dtype: 'float32', shape: [60, 1, 28, 28], data: x.slice(40 * 784) })
    await writeNpy(file('test-y.npy'), { dtype: 'int32', shape: [60], data: y.slice(40) })
    await writeNpy(file('data.npy'), { dtype: 'float32', shape: [80, 1, 28, 28], data: x.slice(0, 80 * 784) })
    await writeNpy(file('data-y.npy'), { dtype: 'int32', shape: [80], data: y.slice(0, 80) })
    const data = ['--data', file('data.npy'), '--labels', file('data-y.npy')]
    const test = ['--test', file('test.npy'), '--test-labels', file('test-y.npy'), '--test-rows', '10:60']
    const { result } = await run('train', '--model', model(), ...data, ...test, '--out', file('t.onnx'))
    const { data: used, notes } = await result()
    expect(used).toMatchObject({ heldOut: false, assessment: { rows: 50, path: 'test.npy' } })
    expect(used.training.rows + used.validation.rows).toBe(50)
    expect(notes.join(' ')).toContain('30 rows to train on equal rows of the assessment')
  })
})

describe('usage', () => {
  const digitsModel = example('digits/digits.onnx')

  it.each<[string, readonly string[], RegExp]>([
    ['a method that is not there', ['--method', 'trade', '--out', 'o.onnx', '--eps', '0.1'], /did you mean "trades"/],
    ['no budget', ['--method', 'trades', '--out', 'o.onnx'], /trades needs a budget: --eps/],
    ['a budget of nothing', ['--method', 'trades', '--out', 'o.onnx', '--eps', '0'], /a budget of 0 is no change/],
    [
      'the model as output',
      ['--method', 'trades', '--out', digitsModel, '--eps', '0.1'],
      /--out and --model are the sam/,
    ],
    [
      'a report over the new model',
      ['--method', 'trades', '--out', 'o.onnx', '--report', './o.onnx', '--eps', '0.1'],
      /--report and --out are the same file/,
    ],
    ['nothing to resume', ['--method', 'trades', '--out', 'o.onnx', '--eps', '0.1', '--resume'], /needs --checkpoint/],
    [
      'a parameter that is not there',
      ['--method', 'trades', '--out', 'o.onnx', '--eps', '0.1', '--set', 'epoch=2'],
      /no parameter "epoch"\nhint: did you mean "epochs"/,
    ],
    ['a share above one', ['--method', 'trades', '--out', 'o', '--max-clean-drop', '3'], /a share from 0 to 1/],
    ['labels of no rows', ['--method', 'standard', '--out', 'o', '--test-labels', 'y.npy'], /go with --test/],
  ])('refuses %s', async (_, flags, message) => {
    const { exitCode, stderr } = await run('harden', '--model', digitsModel, ...digitRows, ...flags)
    expect(exitCode).toBe(2)
    expect(stderr).toMatch(message)
    await expect(stat(file('o.onnx'))).rejects.toThrow()
  })

  it('asks train for a model or an architecture, not both', async () => {
    const rows = [...digitRows, '--out', 'o.onnx']
    expect((await run('train', ...rows)).stderr).toContain('no model to begin with')
    expect((await run('train', ...rows, '--model', digitsModel, '--architecture', 'mlp')).stderr).toContain(
      'both given',
    )
    expect((await run('train', ...rows, '--architecture', 'dens 3')).stderr).toContain('did you mean "dense"')
  })

  it('lists the methods, and the parameters of one', async () => {
    const list = await bartizan('harden', 'list', '--json', '-')
    expect(list.exitCode).toBe(0)
    const methods = JSON.parse(list.stdout) as { id: string; aim: string; parameters: object }[]
    expect(methods.find(({ id }) => id === 'quantisation')).toMatchObject({ aim: 'size' })
    expect(methods.find(({ id }) => id === 'trades')!.parameters).toHaveProperty('epochs')
    const one = await bartizan('harden', 'list', 'temperature-scaling')
    expect(one.stdout).toContain('aims at calibration')
    expect((await bartizan('harden', 'list', 'trade')).stderr).toContain('did you mean "trades"?')
  })
})
