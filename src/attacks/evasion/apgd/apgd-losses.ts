import type { ProgramBuilder, ProgramSpec } from '../../../models/program.ts'
import type { Value } from '../../../onnx/builder.ts'
import { crossEntropy, dlr, margin, ofLabel, targetedDlr } from '../../../onnx/losses.ts'

/** What APGD climbs. */
export type LossKind = 'ce' | 'dlr'

/**
 * Losses of which the difference of logits ratio is undefined fall back to the margin it is a multiple of: DLR orders
 * three logits, targeted DLR four.
 */
const leastClasses = { untargeted: 3, targeted: 4 } as const

/** The value that an attack raises, with its gradient and the logits, in one run. */
export const lossProgram = (kind: LossKind | 'margin', targeted: boolean, classes: number): ProgramSpec => {
  const needed = leastClasses[targeted ? 'targeted' : 'untargeted']
  const used = kind === 'dlr' && classes < needed ? 'margin' : kind
  return {
    key: `climb ${used}${targeted ? ' targeted' : ''}`,
    inputs: {
      labels: { dtype: 'int64', dims: [] },
      ...(targeted && { targets: { dtype: 'int64', dims: [] } as const }),
    },
    build: (builder) => {
      const loss = targeted
        ? targetedLoss(used, builder)
        : untargeted[used](builder.g, builder.logits, builder.input('labels'))
      return { loss, gradient: builder.gradient(loss), logits: builder.logits }
    },
  }
}

const untargeted = { ce: crossEntropy, dlr, margin } as const

const targetedLoss = (kind: LossKind | 'margin', { g, logits, input }: ProgramBuilder): Value => {
  const [labels, targets] = [input('labels'), input('targets')]
  switch (kind) {
    case 'ce':
      return g.neg(crossEntropy(g, logits, targets))
    case 'dlr':
      return targetedDlr(targets)(g, logits, labels)
    case 'margin':
      return g.sub(ofLabel(g, logits, targets), ofLabel(g, logits, labels))
  }
}
