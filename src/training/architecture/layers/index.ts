import { registry } from '../../../base/registry.ts'
import type { LayerKind } from '../layer.ts'
import * as activation from './activation.ts'
import * as convolution from './convolution.ts'
import * as dense from './dense.ts'
import * as dropout from './dropout.ts'
import { batchNormalization, groupNormalization } from './normalisation.ts'
import * as pooling from './pooling.ts'
import * as residual from './residual.ts'

/** All layers, in the order in which help lists them. */
export const layerKinds: readonly LayerKind[] = [
  ...Object.values(convolution),
  ...Object.values(dense),
  ...Object.values(pooling),
  batchNormalization,
  groupNormalization,
  ...Object.values(dropout),
  ...Object.values(residual),
  ...Object.values(activation),
]

export const layerKindsByName: ReadonlyMap<string, LayerKind> = registry('layer', layerKinds, ({ name }) => name)
