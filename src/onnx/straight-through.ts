import { dtypes, type LocalFunction, type Node } from './types.ts'

/** The domain of the functions that Bartizan writes into models, and its version. */
export const ownDomain = 'bartizan'
export const ownVersion = 1

/** Operators that have a form through which gradients pass unchanged, with their inputs. */
const inputsOf = {
  Round: ['x'],
  Clip: ['x', 'low', 'high'],
  Floor: ['x'],
  Ceil: ['x'],
  Sign: ['x'],
  FromIntegers: ['x'],
} as const
type StraightThrough = keyof typeof inputsOf
export const straightThroughs: readonly StraightThrough[] = ['Round', 'Clip', 'Floor', 'Ceil', 'Sign', 'FromIntegers']

/**
 * `bartizan:Round` (to the nearest whole number, ties to even), `bartizan:Clip` and others: what ONNX's operators of these names
 * compute, marked as such that gradients pass straight through (Bengio et al. 2013, arXiv:1308.3432). They are functions
 * of the model, so that any runtime has them; the plain operators keep their own gradients. `opset` is the version of
 * ai.onnx that the model uses.
 */
export const straightThrough = (name: StraightThrough, opset: number): LocalFunction => ({
  name,
  domain: ownDomain,
  inputs: inputsOf[name],
  outputs: ['y'],
  attributes: [],
  attributeDefaults: {},
  opsets: { '': opset },
  nodes: [{ name, domain: '', inputs: inputsOf[name], outputs: ['y'], ...bodyOf(name) }],
})

/** The operator that a function stands for; `FromIntegers` is a cast to float32. */
const bodyOf = (name: StraightThrough): Pick<Node, 'op' | 'attributes'> =>
  name === 'FromIntegers'
    ? { op: 'Cast', attributes: { to: { type: 'int', value: dtypes.indexOf('float32') } } }
    : { op: name, attributes: {} }

/**
 * Whether a function is one of these and does what its name says. One that does anything else is a function like any
 * other: a file must not choose the gradients that it is attacked with.
 */
export const isStraightThrough = ({ domain, name, inputs, outputs, nodes }: LocalFunction): boolean => {
  const expected = straightThroughs.find((each) => each === name)
  const [node] = nodes
  if (domain !== ownDomain || !expected || !node || nodes.length > 1) return false
  return (
    sameBody(node, bodyOf(expected)) &&
    node.domain === '' &&
    inputs.length === inputsOf[expected].length &&
    same(node.inputs, inputs) &&
    outputs.length === 1 &&
    same(node.outputs, outputs)
  )
}

const sameBody = (node: Node, { op, attributes }: Pick<Node, 'op' | 'attributes'>): boolean => {
  if (op !== 'Cast') return node.op === op
  const { to } = node.attributes
  return node.op === op && to?.type === 'int' && Number(to.value) === Number((attributes.to as typeof to).value)
}

const same = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((name, i) => name === b[i])
