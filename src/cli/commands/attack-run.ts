import { exitCodes } from '../../base/errors.ts'
import { norms, transformations } from '../../threat/norm.ts'
import { defineCommand } from '../command.ts'
import { askAgainFlag, dataFlag, endpointFlag, levelsFlag, rangeFlag, rowFlags, threadsFlag } from '../flags/common.ts'
import { defaulted, optional, repeated, toggle } from '../flags/flag.ts'
import { amount, assignment, names, oneOf, targetClass, text } from '../flags/parse.ts'

export const attackRun = defineCommand({
  name: 'attack run',
  summary: 'Run one attack on the rows of a data set and judge what it returns by predicting it again',
  arguments: [{ spec: '<name>', help: 'attack; `bartizan attack list` shows all' }],
  flags: {
    model: optional('--model <file>', 'ONNX file of the model', text),
    endpoint: endpointFlag(),
    data: dataFlag(),
    ...rowFlags(),
    norm: optional(
      '--norm <norm>',
      'how a change is measured: linf, l2, l1, l0, severity, spatial or patch (default: the first that the attack knows)',
      oneOf(...norms, ...transformations),
    ),
    eps: optional(
      '--eps <budget>',
      'how far a row may be moved, in input units (8/255 will do); severity: 1 to 5; spatial, patch: a share from 0 to 1',
      amount,
    ),
    range: rangeFlag(),
    levels: levelsFlag(),
    set: repeated('--set <key=value>', 'parameter of the attack; may be given several times', assignment),
    targets: optional(
      '--targets <class>',
      'class to reach: a number, or "next" (the one after the label)',
      targetClass,
    ),
    task: defaulted(
      '--task <kind>',
      'what the model predicts: auto (what its graph says), classification, regression or multi-label',
      oneOf('auto', 'classification', 'regression', 'multi-label'),
      'auto',
    ),
    labelColumns: optional('--label-columns <names>', 'columns to be predicted, in order, with commas between', names),
    goal: repeated(
      '--goal <key=value>',
      'when a row is broken, for models that predict no class: tolerance, relative, direction, output; flips, label',
      assignment,
    ),
    surrogates: repeated('--surrogate <model.onnx>', "model of the attacker's own; may be given several times", text),
    features: optional(
      '--features <file>',
      'what changed rows of a table must keep to: the features section, or a bartizan.yaml that has one',
      text,
    ),
    save: optional('--save <examples.npy>', 'the rows after the attack, float32', text),
    saveFitted: optional(
      '--save-fitted <file>',
      'what universal or patch made for all rows: .npy, or .npz with the name of the attack',
      text,
    ),
    fitted: optional(
      '--fitted <file>',
      'apply what such a run saved, on this or another model, and make nothing',
      text,
    ),
    report: optional(
      '--report <file.html>',
      'the result as one HTML file, with pictures of rows that are pictures',
      text,
    ),
    resume: toggle('--resume', 'with --endpoint: go on with a run that was interrupted'),
    askAgain: askAgainFlag(),
    threads: threadsFlag(),
  },
  usesSeed: true,
  examples: [
    'bartizan attack run pgd --model model.onnx --data rows.npy --labels y.npy --norm linf --eps 8/255',
    'bartizan attack run pgd … --label price --task regression --goal relative=0.1 --eps 2',
    'bartizan attack run pgd … --eps 0.3 --set steps=100 --set restarts=5 --rows 0:256 --save examples.npy',
    'bartizan attack run patch --model a.onnx … --eps 0.1 --save-fitted patch.npz --report patch.html',
    'bartizan attack run patch --model b.onnx … --eps 0.1 --fitted patch.npz',
  ],
  async run({ flags, arguments: [name = ''], seed = 0, out }) {
    const [{ runAttackCommand }, { attackResultText }] = await Promise.all([
      import('../work/attack-command.ts'),
      import('../text/attack-result-text.ts'),
    ])
    const done = await runAttackCommand({ ...flags, name, seed, progress: out.progress })
    out.print(attackResultText(done, out.width))
    await out.json(done.result)
    return exitCodes.passed
  },
})
