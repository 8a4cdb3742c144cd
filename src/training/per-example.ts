import { BartizanError } from '../base/errors.ts'
import type { Classifier } from '../models/classifier.ts'
import { addGradient } from '../onnx/autodiff/gradient.ts'
import type { GraphBuilder, Value } from '../onnx/builder.ts'
import { globalNorm } from '../onnx/optimisers.ts'
import {
  type Arrays,
  lossGraph,
  pieces,
  rowFeeds,
  type StepRows,
  type TrainedGraph,
  weightFeeds,
  weightNames,
} from './gradient-step.ts'
import { type NormRule, normRuleOf } from './norm-rules.ts'
import type { Objective } from './objective.ts'
import { stepSession } from './step-session.ts'

/** The size of each example's own gradient, of all weights together. */
export interface PerExampleNorms {
  /** How: all rows in a run, or one row a run, which is slower and works for every network. */
  readonly method: 'by layer' | 'by row'
  /** The L2 norm of the gradient of importance times loss for each row alone. */
  run(weights: Arrays, rows: StepRows): Promise<Float32Array>
  release(): Promise<void>
}

export interface PerExampleOptions {
  readonly trained: TrainedGraph
  readonly objective: Objective
  readonly threads: number
  /** Rows a run, where all rows of a run are done at once; default 32. */
  readonly rowsAtOnce?: number
}

/**
 * Compiles the L2 norm of each row's weight gradient. Where every weight is that of a convolution, a dense layer or a
 * bias and used once, the norms follow from what goes into the layers and the gradients of what comes out, and no row's
 * gradient is ever formed (Goodfellow 2015, arXiv:1510.01799; for convolutions Rochette et al. 2019, arXiv:1912.06015).
 * Else each row has a run of its own. Throws CONFIG_INVALID where batch normalisation mixes the rows.
 */
export const perExampleNorms = async (model: Classifier, options: PerExampleOptions): Promise<PerExampleNorms> => {
  const { trained, objective, threads, rowsAtOnce = 32 } = options
  if (trained.statistics.length > 0)
    throw new BartizanError('CONFIG_INVALID', 'no row has a gradient of its own: batch normalisation mixes the rows', {
      hint: 'keep the running statistics (batch-norm inference), or use group normalisation',
    })
  const { g, x, loss } = lossGraph(model, trained, objective)
  const rules = normRules(g, trained.trainable)
  g.output('bz:norms', rules ? byLayer(g, loss, rules) : byRow(g, loss, trained.trainable))
  const session = await stepSession(g.build(), { like: model.model, weights: weightNames(trained), threads })
  return {
    method: rules ? 'by layer' : 'by row',
    async run(weights, rows) {
      const runRows = await session.withWeights(weightFeeds(trained, weights))
      const norms = new Float32Array(rows.rows)
      let at = 0
      for (const part of pieces(rows, rules ? rowsAtOnce : 1, model.size, objective, trained)) {
        const { 'bz:norms': result } = await runRows(rowFeeds(part, { model, objective, trained, rowsName: x.name }))
        norms.set(result!.data as Float32Array, at)
        at += part.rows
      }
      return norms
    },
    release: () => session.release(),
  }
}

/** A rule for every weight, or undefined. A weight that several nodes read has the norm of a sum, which no layer knows. */
const normRules = (g: GraphBuilder, weights: readonly string[]): readonly NormRule[] | undefined => {
  const { nodes } = g.build([])
  const rules = weights.map((name) => {
    const [node, ...others] = nodes.filter(({ inputs }) => inputs.includes(name))
    if (!node || others.length > 0 || node.inputs.indexOf(name) !== node.inputs.lastIndexOf(name)) return undefined
    return normRuleOf(g, node, node.inputs.indexOf(name))
  })
  return rules.every((rule) => rule !== undefined) ? rules : undefined
}

const byLayer = (g: GraphBuilder, loss: Value, rules: readonly NormRule[]): Value => {
  const outputs = [...new Map(rules.map(({ output }) => [output.name, output])).values()]
  const gradients = addGradient(g, g.build([]), { of: loss, withRespectTo: outputs })
  const byOutput = new Map(outputs.map(({ name }, i) => [name, gradients[i]!]))
  const squares = rules.map(({ output, square }) => square(byOutput.get(output.name)!))
  return g.sqrt(squares.reduce((sum, term) => g.add(sum, term)))
}

/** For runs of one row. */
const byRow = (g: GraphBuilder, loss: Value, weights: readonly string[]): Value => {
  const withRespectTo = weights.map((name) => g.value(name))
  return g.reshape(globalNorm(g, addGradient(g, g.build([]), { of: loss, withRespectTo })), [1])
}
