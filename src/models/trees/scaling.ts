import { BartizanError } from '../../base/errors.ts'
import { attributesOf } from '../../onnx/attributes.ts'
import { toNumbers } from '../../onnx/tensor.ts'
import type { Graph, Node } from '../../onnx/types.ts'
import type { Preprocessing } from '../head.ts'

/** What a model does to each feature by itself before its trees see it: monotone, computed as the model computes it. */
export interface FeatureMap {
  apply(feature: number, value: number): number
  /** Whether it keeps the order of values; else it turns it round. */
  rises(feature: number): boolean
  readonly isIdentity: boolean
}

type Step = (feature: number, value: number) => number

/** One operation on every feature, with the sign of its slope by feature. */
interface Scaling {
  readonly step: Step
  readonly sign: (feature: number) => number
}

export const unsupportedTrees = (message: string): BartizanError =>
  new BartizanError('ATTACK_NOT_APPLICABLE', message, {
    hint: 'score- and decision-based attacks still run: square, hopskipjump',
  })

/**
 * Follows the graph back from the value that the trees read to the model's input. Throws ATTACK_NOT_APPLICABLE, with the
 * node, where something on the way mixes features or is not monotone.
 */
export const scalingBefore = (
  graph: Graph,
  value: string,
  input: string,
  preprocessing: Preprocessing | undefined,
): FeatureMap => {
  const scalings: Scaling[] = []
  for (let at = value; at !== input; ) {
    const node = graph.nodes.find(({ outputs }) => outputs.includes(at))
    if (!node) throw unsupportedTrees(`the trees read "${at}", which is not computed from the model's input`)
    const { scaling, from } = scalingOf(graph, node)
    if (scaling) scalings.unshift(scaling)
    at = from
  }
  scalings.unshift(...preprocessed(preprocessing))
  return {
    isIdentity: scalings.length === 0,
    apply: (feature, raw) => scalings.reduce((result, { step }) => step(feature, result), raw),
    rises: (feature) => scalings.reduce((sign, scaling) => sign * scaling.sign(feature), 1) > 0,
  }
}

const rounded = Math.fround
const at = (values: readonly number[], feature: number): number => (values.length === 1 ? values[0]! : values[feature]!)

const shift = (by: readonly number[], sign: 1 | -1): Scaling => ({
  step: (feature, value) => rounded(value + sign * at(by, feature)),
  sign: () => 1,
})
const times = (by: readonly number[]): Scaling => ({
  step: (feature, value) => rounded(value * at(by, feature)),
  sign: (feature) => at(by, feature),
})
const over = (by: readonly number[]): Scaling => ({
  step: (feature, value) => rounded(value / at(by, feature)),
  sign: (feature) => at(by, feature),
})
/** x - y with the feature as y. */
const minuend = (by: readonly number[]): Scaling => ({
  step: (feature, value) => rounded(at(by, feature) - value),
  sign: () => -1,
})

const preprocessed = (preprocessing: Preprocessing | undefined): readonly Scaling[] => {
  const { scale, mean, std } = preprocessing ?? {}
  return [
    ...(scale === undefined ? [] : [times([rounded(scale)])]),
    ...(mean ? [shift(mean.map(rounded), -1)] : []),
    ...(std ? [over(std.map(rounded))] : []),
  ]
}

interface Found {
  readonly scaling: Scaling | undefined
  /** The value that the node reads. */
  readonly from: string
}

const scalingOf = (graph: Graph, node: Node): Found => {
  const [first, second] = node.inputs
  const refuse = (why: string) =>
    unsupportedTrees(`${node.op} node "${node.name}" stands before the trees, and ${why}: their regions can't be found`)
  if (node.op === 'Identity') return { scaling: undefined, from: first! }
  if (node.op === 'Cast') {
    // TensorProto: 1 is float, 11 is double, into which every float32 goes unchanged.
    if (![1, 11].includes(attributesOf(node).int('to', 1))) throw refuse('it rounds')
    return { scaling: undefined, from: first! }
  }
  if (node.op === 'Scaler' && node.domain === 'ai.onnx.ml') {
    const attributes = attributesOf(node)
    const offset = attributes.floats('offset') ?? [0]
    const scale = attributes.floats('scale') ?? [1]
    return checked(refuse, [shift(offset, -1), times(scale)], [...offset, ...scale], first!, scale)
  }
  const constant = (name: string | undefined): readonly number[] | undefined => {
    const tensor = graph.initializers.get(name ?? '')
    return tensor?.dtype === 'float32' ? toNumbers(tensor) : undefined
  }
  const [a, b] = [constant(first), constant(second)]
  if (b && node.op === 'Sub') return checked(refuse, [shift(b, -1)], b, first!)
  if (a && node.op === 'Sub') return checked(refuse, [minuend(a)], a, second!)
  if (b && node.op === 'Div') return checked(refuse, [over(b)], b, first!, b)
  if ((a ?? b) && node.op === 'Add') return checked(refuse, [shift((a ?? b)!, 1)], (a ?? b)!, b ? first! : second!)
  if ((a ?? b) && node.op === 'Mul')
    return checked(refuse, [times((a ?? b)!)], (a ?? b)!, b ? first! : second!, (a ?? b)!)
  throw refuse(node.op === 'Normalizer' ? 'it mixes the features of a row' : 'it is not known to be monotone in each')
}

const checked = (
  refuse: (why: string) => BartizanError,
  steps: readonly Scaling[],
  constants: readonly number[],
  from: string,
  slopes: readonly number[] = [1],
): Found => {
  if (constants.some((value) => !Number.isFinite(value))) throw refuse('one of its constants is not finite')
  if (slopes.some((slope) => slope === 0)) throw refuse('it gives some feature no weight at all')
  return { scaling: { step: steps.length === 1 ? steps[0]!.step : chained(steps), sign: signOf(steps) }, from }
}

const chained =
  (steps: readonly Scaling[]): Step =>
  (feature, value) =>
    steps.reduce((result, { step }) => step(feature, result), value)

const signOf =
  (steps: readonly Scaling[]) =>
  (feature: number): number =>
    steps.reduce((sign, scaling) => sign * Math.sign(scaling.sign(feature)), 1)
