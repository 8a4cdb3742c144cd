import { isBartizanError } from '../../base/errors.ts'
import { addGradient, nodesBetween } from '../../onnx/autodiff/gradient.ts'
import { gradientRules } from '../../onnx/autodiff/rules/index.ts'
import { type GraphBuilder, graphBuilder, type Value } from '../../onnx/builder.ts'
import { ruleKey } from '../../onnx/shapes/infer.ts'
import type { Graph, Model, Node } from '../../onnx/types.ts'
import { embeddingIn } from './embedding.ts'

/**
 * `yes`: on the way from the input to the scores, with a gradient rule; `no`: on that way, without one; `not needed`:
 * off that way (shapes, constants, other outputs).
 */
type OperatorGradient = 'yes' | 'no' | 'not needed'

export interface OperatorUse {
  /** `domain:operator` outside ai.onnx. */
  readonly operator: string
  readonly count: number
  readonly gradient: OperatorGradient
  /** What to bear in mind about the gradient: a straight-through estimate, say. */
  readonly caveat?: string
}

export interface Differentiability {
  readonly ok: boolean
  /** What the gradient is for: the input, or the embedding of a model that reads token ids. */
  readonly of?: 'input' | 'embedding'
  readonly reason?: string
  /** The operator and the node that prevent it, where it is one. */
  readonly operator?: string
  readonly node?: string
}

export interface Ends {
  readonly input: string
  readonly output: string
}

/** Whether reverse mode gets from the output to the input, found by trying, and what prevents it. */
export const differentiabilityOf = (graph: Graph, { input, output }: Ends): Differentiability => {
  const g = graphBuilder({ ...graph, outputs: [] })
  try {
    const x = g.value(input)
    const point = x.dtype.includes('float') ? x : embeddingIn(g, input, output)
    if (!point) return { ok: false, reason: `the input is ${x.dtype}, and no embedding follows: it has no gradient` }
    addGradient(g, g.build([]), { of: total(g, g.value(output)), withRespectTo: [point] })
    return { ok: true, of: point === x ? 'input' : 'embedding' }
  } catch (error) {
    if (!isBartizanError(error)) throw error
    const { op, node } = error.data
    return {
      ok: false,
      reason: error.message,
      ...(typeof op === 'string' && { operator: op }),
      ...(typeof node === 'string' && { node }),
    }
  }
}

/** One number a row, or the value itself where its rank isn't known: either may be differentiated. */
const total = (g: GraphBuilder, value: Value): Value =>
  value.dims === undefined || value.dims.length < 2
    ? value
    : g.reduceSum(value, value.dims.map((_, axis) => axis).slice(1))

/** Every operator of the file with how often it occurs, the most frequent first. `normal` is the same graph, normalised. */
export const operatorsOf = (
  source: Model,
  normal: Graph,
  ends: Ends | undefined,
  whole: Differentiability,
): readonly OperatorUse[] => {
  // Without an input and an output to go between, an operator is judged by itself.
  const onPath = ends ? nodesBetween(normal, new Set([ends.input]), ends.output) : normal.nodes
  const differentiated = new Map(onPath.flatMap((node) => node.outputs.map((output) => [output, node])))
  const uses = new Map<string, Node[]>()
  for (const node of source.graph.nodes) uses.set(ruleKey(node), [...(uses.get(ruleKey(node)) ?? []), node])
  return [...uses]
    .map(([operator, nodes]): OperatorUse => {
      const passed = nodes.flatMap(({ outputs }) => outputs.flatMap((output) => differentiated.get(output) ?? []))
      const rules = passed.map((node) => gradientRules.get(ruleKey(node)))
      const caveat = rules.find((rule) => rule?.caveat)?.caveat
      const gradient = gradientFor(rules.length, rules.includes(undefined), whole, operator)
      return { operator, count: nodes.length, gradient, ...(caveat && { caveat }) }
    })
    .sort((a, b) => b.count - a.count || (a.operator < b.operator ? -1 : 1))
}

const gradientFor = (
  passed: number,
  missing: boolean,
  whole: Differentiability,
  operator: string,
): OperatorGradient => {
  if (passed === 0) return 'not needed'
  if (!whole.ok && whole.operator === operator) return 'no'
  // Where the whole works out, an operator without a rule lies where no gradient comes by: on the way of a shape, say.
  if (missing) return whole.ok ? 'not needed' : 'no'
  return 'yes'
}
