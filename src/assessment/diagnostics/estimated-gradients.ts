import { gradientRules } from '../../onnx/autodiff/rules/index.ts'
import { ruleKey } from '../../onnx/shapes/infer.ts'
import type { Graph } from '../../onnx/types.ts'
import type { ProbeRecord } from '../probe-record.ts'
import { type Checked, followsGradients } from './checked.ts'

/**
 * Gradients that are estimates by construction, by operator: a quantised graph's are passed straight through. Each
 * operator raises a flag of its own. Measured: their names.
 */
export const checkEstimatedGradients = (graph: Graph, records: readonly ProbeRecord[]): readonly Checked[] => {
  const caveats = new Map(
    graph.nodes.flatMap((node) => {
      const caveat = gradientRules.get(ruleKey(node))?.caveat
      return caveat ? [[node.op, caveat] as const] : []
    }),
  )
  const messages = [...caveats].map(([op, caveat]) => `${op}: ${caveat}`)
  return records.filter(followsGradients).map(({ id }) => ({
    probe: id,
    diagnostic: {
      check: 'exact-gradients',
      title: 'No gradient is an estimate',
      verdict: caveats.size > 0 ? 'fired' : 'passed',
      measured: caveats.size > 0 ? [...caveats.keys()].join(', ') : 'none',
      message: messages.join('; ') || 'no operator of the graph has an estimate for its gradient',
    },
    flags: messages.map((message) => ({ id: 'estimated-gradient', message, measured: null })),
  }))
}
