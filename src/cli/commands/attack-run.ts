import { exitCodes } from '../../base/errors.ts'
import { norms, transformations } from '../../threat/norm.ts'
import { defineCommand } from '../command.ts'
import { dataFlag, modelFlag, rangeFlag, rowFlags, threadsFlag } from '../flags/common.ts'
import { optional, repeated } from '../flags/flag.ts'
import { amount, assignment, oneOf, targetClass, text } from '../flags/parse.ts'

export const attackRun = defineCommand({
  name: 'attack run',
  summary: 'Run one attack on the rows of a data set and judge what it returns by predicting it again',
  arguments: [{ spec: '<name>', help: 'attack; `bartizan attack list` shows all' }],
  flags: {
    model: modelFlag(),
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
    set: repeated('--set <key=value>', 'parameter of the attack; may be given several times', assignment),
    targets: optional(
      '--targets <class>',
      'class to reach: a number, or "next" (the one after the label)',
      targetClass,
    ),
    surrogates: repeated('--surrogate <model.onnx>', "model of the attacker's own; may be given several times", text),
    save: optional('--save <examples.npy>', 'the rows after the attack, float32', text),
    threads: threadsFlag(),
  },
  usesSeed: true,
  examples: [
    'bartizan attack run pgd --model model.onnx --data rows.npy --labels y.npy --norm linf --eps 8/255',
    'bartizan attack run pgd … --eps 0.3 --set steps=100 --set restarts=5 --rows 0:256 --save examples.npy',
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
