import { registry } from '../../base/registry.ts'
import * as attention from './attention.ts'
import * as classical from './classical.ts'
import * as controlFlow from './control-flow.ts'
import * as convolution from './convolution.ts'
import * as creation from './creation.ts'
import * as einsum from './einsum.ts'
import * as elementwise from './elementwise.ts'
import * as indexing from './indexing.ts'
import * as joining from './joining.ts'
import * as losses from './losses.ts'
import * as matrix from './matrix.ts'
import * as microsoft from './microsoft.ts'
import * as normalisation from './normalisation.ts'
import * as pooling from './pooling.ts'
import * as quantisation from './quantisation.ts'
import * as recurrent from './recurrent.ts'
import * as reduction from './reduction.ts'
import * as reshaping from './reshaping.ts'
import * as resizing from './resizing.ts'
import type { ShapeRule } from './rule.ts'
import * as signal from './signal.ts'
import * as slice from './slice.ts'
import * as transforms from './transforms.ts'

/** Families of operators; what a file exports beside rules is not one of them. */
const families: readonly Readonly<Record<string, unknown>>[] = [
  attention,
  classical,
  controlFlow,
  convolution,
  creation,
  einsum,
  elementwise,
  indexing,
  joining,
  losses,
  matrix,
  microsoft,
  normalisation,
  pooling,
  quantisation,
  recurrent,
  reduction,
  reshaping,
  resizing,
  signal,
  slice,
  transforms,
]

const isRule = (value: unknown): value is ShapeRule => typeof value === 'object' && value !== null && 'infer' in value

const rules: readonly ShapeRule[] = families.flatMap((family) => Object.values(family).filter(isRule))

/** Shape rules by operator, `domain:operator` outside ai.onnx. */
export const shapeRules: ReadonlyMap<string, ShapeRule> = registry('shape rule', rules, ({ op, domain }) =>
  [op].flat().map((name) => (domain ? `${domain}:${name}` : name)),
)
