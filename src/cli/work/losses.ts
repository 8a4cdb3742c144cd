import { BartizanError } from '../../base/errors.ts'
import type { GraphBuilder, Value } from '../../onnx/builder.ts'
import { crossEntropy, dlr, margin, targetedDlr } from '../../onnx/losses.ts'

interface NamedLoss {
  /** Needs so many classes. */
  readonly classes: number
  readonly targeted: boolean
  readonly title: string
  build(g: GraphBuilder, logits: Value, labels: Value, targets: Value): Value
}

/** Losses by the name that --loss takes: attacks climb each of them. */
const losses = {
  'cross-entropy': { classes: 2, targeted: false, title: '-log softmax(z)_y', build: crossEntropy },
  margin: {
    classes: 2,
    targeted: false,
    title: 'largest other logit minus the label’s (Carlini-Wagner)',
    build: margin,
  },
  dlr: { classes: 3, targeted: false, title: 'difference of logits ratio (AutoAttack)', build: dlr },
  'targeted-cross-entropy': {
    classes: 2,
    targeted: true,
    title: 'log softmax(z)_target: cross-entropy towards the target, negated',
    build: (g, logits, _labels, targets) => g.neg(crossEntropy(g, logits, targets)),
  },
  'targeted-dlr': {
    classes: 4,
    targeted: true,
    title: 'targeted difference of logits ratio (AutoAttack)',
    build: (g, logits, labels, targets) => targetedDlr(targets)(g, logits, labels),
  },
} as const satisfies Readonly<Record<string, NamedLoss>>

export type LossName = keyof typeof losses

/** Throws USAGE where the model has too few classes for the loss. */
export const lossNamed = (name: LossName, classes: number): NamedLoss => {
  const loss: NamedLoss = losses[name]
  if (classes >= loss.classes) return loss
  throw new BartizanError('USAGE', `the loss ${name} needs ${loss.classes} classes, the model has ${classes}`, {
    hint: 'use cross-entropy or margin',
  })
}
