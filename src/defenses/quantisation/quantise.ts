import { BartizanError } from '../../base/errors.ts'
import type { Classifier } from '../../models/classifier.ts'
import { normalise } from '../../onnx/normalise.ts'
import { liveNodes } from '../../onnx/rewrite/live-nodes.ts'
import type { Graph, Model } from '../../onnx/types.ts'
import { activationRanges, type CalibrationRows } from './activation-ranges.ts'
import { flattenAsReshape } from './flatten.ts'
import { constantsOf, type LeftLayer, layersOf } from './layers.ts'
import { type QuantisedLayer, rewriter } from './rewriter.ts'

/** Under this key of a model's metadata stands how it was quantised. */
export const quantisationKey = 'bartizan.quantisation'

export interface QuantisationOptions {
  /**
   * 8 by default. With 7, sums of two products can't saturate on processors without VNNI, where ONNX Runtime adds them
   * in 16 bits: results are then the same on every processor.
   */
  readonly weightBits?: 7 | 8
}

export interface Quantised {
  readonly model: Model
  readonly layers: readonly QuantisedLayer[]
  /** Layers that multiply by weights or by one another and stay in floats. */
  readonly left: readonly LeftLayer[]
}

/**
 * An int8 version of a classifier, in the form that deployment tools read (QuantizeLinear and DequantizeLinear around
 * Conv, Gemm and MatMul; Jacob et al. 2018, arXiv:1712.05877): weights symmetric with a scale an output channel, biases
 * int32, inputs of layers uint8 over the range that they take on the calibration rows. Names, metadata and, from 13 on,
 * the operator set stay; older models come out in the newest form. Attacks that follow gradients pass them straight
 * through the rounding, and reports flag it.
 *
 * Throws MODEL_UNSUPPORTED where no layer can be quantised; DATA_SHAPE_MISMATCH and MODEL_OUTPUT_INVALID as
 * `activationRanges` does.
 */
export const quantise = async (
  classifier: Classifier,
  calibration: CalibrationRows,
  { weightBits = 8 }: QuantisationOptions = {},
): Promise<Quantised> => {
  const { source } = classifier
  // A scale an axis came with operator set 13.
  const base = source.functions.length === 0 && (source.opsets[''] ?? 0) >= 13 ? source : normalise(source)
  const constants = constantsOf(base.graph)
  const { layers, left } = layersOf(base.graph, constants)
  const names = [...new Set(layers.map(({ input }) => input))]
  const ranges = names.length > 0 ? await activationRanges(classifier, names, calibration) : new Map()
  const measured = layers.filter(({ input }) => ranges.has(input))
  if (measured.length === 0) throw nothingToQuantise(left)
  const flat = flattenAsReshape(base.graph, new Set(ranges.keys()))
  const rewrite = rewriter(flat, constants, ranges, 2 ** (weightBits - 1) - 1)
  const done = new Map(measured.map((layer) => [layer.node, rewrite.layer(layer)]))
  const graph: Graph = {
    ...flat,
    nodes: flat.nodes.flatMap((node) => done.get(node)?.nodes ?? [node]),
    initializers: rewrite.initializers,
  }
  return {
    model: {
      ...base,
      metadata: {
        ...base.metadata,
        [quantisationKey]: `int8 QDQ, ${weightBits}-bit weights per channel, activations by range over ${calibration.rows} rows`,
      },
      graph: withoutDefaults(liveNodes(graph), base.graph),
    },
    layers: [...done.values()].map(({ layer }) => layer),
    left: [
      ...left,
      ...layers
        .filter(({ input }) => !ranges.has(input))
        .map(({ node }) => ({
          node: node.name,
          op: node.op,
          reason: 'its input is lost when the graph is normalised',
        })),
    ],
  }
}

/** Old files list weights as inputs too: those that are gone are no inputs any more. */
const withoutDefaults = (graph: Graph, before: Graph): Graph => ({
  ...graph,
  inputs: graph.inputs.filter(({ name }) => !before.initializers.has(name) || graph.initializers.has(name)),
})

const nothingToQuantise = (left: readonly LeftLayer[]): BartizanError =>
  new BartizanError('MODEL_UNSUPPORTED', 'the model has no Conv, Gemm or MatMul with constant float32 weights', {
    hint:
      left.length === 0
        ? 'trees and linear models of ai.onnx.ml have nothing that 8 bits would make smaller'
        : left.map(({ node, op, reason }) => `${op} "${node}": ${reason}`).join('; '),
  })
