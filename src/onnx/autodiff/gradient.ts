import { BartizanError } from '../../base/errors.ts'
import { attributesOf } from '../attributes.ts'
import type { GraphBuilder, Value } from '../builder.ts'
import { ruleKey } from '../shapes/infer.ts'
import type { DType, Graph, Node } from '../types.ts'
import { gradientRules } from './rules/index.ts'

export interface GradientRequest {
  /** What to differentiate: a scalar, or one value a row (their sum is differentiated, so each row gets its own). */
  readonly of: Value
  readonly withRespectTo: readonly Value[]
  /** Weight of each element of `of`; ones where not given. */
  readonly seed?: Value
}

/**
 * Reverse-mode differentiation inside a graph: appends the nodes that compute the gradient and returns its values, in
 * the order of `withRespectTo`. The graph must be normalised. Throws GRAPH_OP_UNSUPPORTED for an operator without a
 * rule, naming the node, and GRAPH_NOT_DIFFERENTIABLE where no gradient can reach an input.
 */
export const addGradient = (g: GraphBuilder, graph: Graph, request: GradientRequest): readonly Value[] => {
  const { of, withRespectTo, seed } = request
  const onPath = nodesBetween(graph, new Set(withRespectTo.map((value) => value.name)), of.name)
  const cotangents = new Map<string, Value>([[of.name, seed ?? g.onesLike(of)]])
  const dependent = new Set([...withRespectTo.map((value) => value.name), ...onPath.flatMap((node) => node.outputs)])
  for (const node of onPath.toReversed()) backpropagate(g, node, cotangents, dependent)
  return withRespectTo.map((value) => {
    const gradient = cotangents.get(value.name)
    if (!gradient)
      throw new BartizanError('GRAPH_NOT_DIFFERENTIABLE', `no gradient reaches "${value.name}" from "${of.name}"`, {
        hint: 'an operator on every path between them is piecewise constant; score- and decision-based attacks still run',
        data: { input: value.name },
      })
    return gradient
  })
}

/** Nodes that depend on one of `sources` and that `target` depends on, in the graph's order. */
export const nodesBetween = (graph: Graph, sources: ReadonlySet<string>, target: string): readonly Node[] => {
  const reached = new Set(sources)
  const downstream = graph.nodes.filter((node) => {
    if (!node.inputs.some((name) => reached.has(name))) return false
    for (const output of node.outputs) reached.add(output)
    return true
  })
  const needed = new Set([target])
  return downstream
    .toReversed()
    .filter((node) => {
      if (!node.outputs.some((name) => needed.has(name))) return false
      for (const input of node.inputs) needed.add(input)
      return true
    })
    .toReversed()
}

const backpropagate = (
  g: GraphBuilder,
  node: Node,
  cotangents: Map<string, Value>,
  dependent: ReadonlySet<string>,
): void => {
  const dYs = node.outputs.map((name) => cotangents.get(name))
  const index = dYs.findIndex(Boolean)
  if (index < 0) return
  const rule = gradientRules.get(ruleKey(node))
  if (!rule) throw unsupported(node)
  const x = node.inputs.map((name) => (name ? g.value(name) : undefined))
  const y = node.outputs.map((name) => (name ? g.value(name) : undefined))
  // A gradient that came through integers goes on through the operators that only move them (Reshape, Concat).
  const integers = rule.throughIntegers || dYs.some((d, i) => d && y[i] && !isFloat(y[i].dtype))
  const needs = (i: number): boolean => {
    const input = x[i]
    return input !== undefined && (integers || isFloat(input.dtype)) && dependent.has(input.name)
  }
  const dY = dYs[0] ?? g.zerosLike(y[0]!)
  const gradients = rule.vjp({ g, node, attributes: attributesOf(node), x, y, dY, dYs, needs })
  node.inputs.forEach((name, i) => {
    if (!needs(i)) return
    const gradient = gradients[i]
    if (gradient === 'none') return
    if (!gradient) throw unsupported(node, ` for input ${i} ("${name}")`)
    const term = gradient()
    const sum = cotangents.get(name)
    cotangents.set(name, sum ? g.add(sum, term) : term)
  })
}

/** Unknown element types are taken for floats: a missing shape rule must not silence a gradient. */
const isFloat = (dtype: DType): boolean => dtype === 'undefined' || dtype.includes('float')

const unsupported = (node: Node, input = ''): BartizanError =>
  new BartizanError(
    'GRAPH_OP_UNSUPPORTED',
    `no gradient rule for ${ruleKey(node)}${input}, needed by node "${node.name}"`,
    {
      hint: 'score- and decision-based attacks still run; to add a rule see docs/how-to/add-an-operator.md',
      data: { op: ruleKey(node), node: node.name },
    },
  )
