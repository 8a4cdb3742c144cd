import { BartizanError } from '../../base/errors.ts'
import type { Value } from '../builder.ts'
import type { Node } from '../types.ts'

/** The error of a rule that can't do what a node asks for: `what` completes "the gradient of Resize node "up" …". */
export const unsupportedGradient = (node: Node, what: string, hint?: string): BartizanError =>
  new BartizanError('GRAPH_OP_UNSUPPORTED', `the gradient of ${node.op} node "${node.name}" ${what}`, {
    hint: hint ?? 'score- and decision-based attacks still run',
    data: { op: node.op, node: node.name },
  })

/** The rank of an input, without which a rule can't be written. */
export const neededRank = (node: Node, value: Value): number => {
  if (value.dims) return value.dims.length
  throw unsupportedGradient(node, `needs the rank of "${value.name}", which doesn't follow from the model`)
}

/** The elements of an integer input that must be known before the model runs. */
export const neededIntegers = (node: Node, value: Value, what: string): readonly number[] => {
  if (value.elements?.every((element) => typeof element === 'number')) return value.elements as readonly number[]
  throw unsupportedGradient(node, `needs ${what} ("${value.name}") to be constant`)
}
