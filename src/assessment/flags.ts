import type { Curve } from '../contract/index.ts'
import type { Graph } from '../onnx/types.ts'
import { type Doubt, doubtsOf } from './diagnostics/checked.ts'
import { checkWholeRange } from './diagnostics/curve.ts'
import { checkEstimatedGradients } from './diagnostics/estimated-gradients.ts'
import { checkIteration } from './diagnostics/iteration.ts'
import { checkBlackBox } from './diagnostics/stronger.ts'
import { checkZeroGradients } from './diagnostics/zero-gradients.ts'
import type { ProbeRecord } from './probe-record.ts'

/**
 * Signs that an attack fails for a reason other than robustness: gradients that are zero, noisy or misleading (Carlini
 * et al. 2019, arXiv:1902.06705, section 5; Athalye et al. 2018, arXiv:1802.00420). Here only what fired, each on the
 * probe whose good grade it casts doubt on; `diagnostics/` has every check with its figure.
 */
export type { Doubt } from './diagnostics/checked.ts'
export { shareWithoutGradient, zeroGradientShare } from './diagnostics/zero-gradients.ts'

export const blackBoxStronger = (records: readonly ProbeRecord[]): readonly Doubt[] => doubtsOf(checkBlackBox(records))

export const iterationHelps = (records: readonly ProbeRecord[]): readonly Doubt[] => doubtsOf(checkIteration(records))

export const unboundedBudgetBreaks = (curve: Curve, classes: number, probe: string): readonly Doubt[] =>
  doubtsOf(checkWholeRange(curve, classes, [probe]))

export const estimatedGradients = (graph: Graph, records: readonly ProbeRecord[]): readonly Doubt[] =>
  doubtsOf(checkEstimatedGradients(graph, records))

export const zeroGradients = (share: number, records: readonly ProbeRecord[]): readonly Doubt[] =>
  doubtsOf(checkZeroGradients(share, records))
