import { registry } from '../../../base/registry.ts'
import type { GradientRule } from '../rule.ts'
import * as activation from './activation.ts'
import * as arithmetic from './arithmetic.ts'
import * as convolution from './convolution.ts'
import * as einsum from './einsum.ts'
import * as elementary from './elementary.ts'
import * as gru from './gru.ts'
import * as identity from './identity.ts'
import * as indexing from './indexing.ts'
import * as lstm from './lstm.ts'
import * as matrix from './matrix.ts'
import * as movement from './movement.ts'
import * as normalisation from './normalisation.ts'
import * as padding from './padding.ts'
import * as pooling from './pooling.ts'
import * as quantisation from './quantisation.ts'
import * as reduction from './reduction.ts'
import * as resize from './resize.ts'
import * as rnn from './rnn.ts'
import * as selection from './selection.ts'
import * as softmax from './softmax.ts'
import * as transforms from './transforms.ts'

/** One file a family of operators. */
const families = [
  activation,
  arithmetic,
  convolution,
  einsum,
  elementary,
  gru,
  identity,
  indexing,
  lstm,
  matrix,
  movement,
  normalisation,
  padding,
  pooling,
  quantisation,
  reduction,
  resize,
  rnn,
  selection,
  softmax,
  transforms,
]

const rules: readonly GradientRule[] = families.flatMap((family) => Object.values(family) as GradientRule[])

/** Gradient rules by operator, `domain:operator` outside ai.onnx. */
export const gradientRules: ReadonlyMap<string, GradientRule> = registry('gradient rule', rules, ({ op, domain }) =>
  [op].flat().map((name) => (domain ? `${domain}:${name}` : name)),
)
