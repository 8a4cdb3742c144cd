import type { LocalFunction } from './types.ts'

/** The domain of the functions that Bartizan writes into models, and its version. */
export const ownDomain = 'bartizan'
export const ownVersion = 1

/** Operators that have a form through which gradients pass unchanged, with their inputs. */
const inputsOf = { Round: ['x'], Clip: ['x', 'low', 'high'] } as const
type StraightThrough = keyof typeof inputsOf
export const straightThroughs: readonly StraightThrough[] = ['Round', 'Clip']

/**
 * `bartizan:Round` (to the nearest whole number, ties to even) and `bartizan:Clip`: what ONNX's operators of these names
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
  nodes: [{ name, op: name, domain: '', inputs: inputsOf[name], outputs: ['y'], attributes: {} }],
})

/**
 * Whether a function is one of these and does what its name says. One that does anything else is a function like any
 * other: a file must not choose the gradients that it is attacked with.
 */
export const isStraightThrough = ({ domain, name, inputs, outputs, nodes }: LocalFunction): boolean => {
  const expected = straightThroughs.find((each) => each === name)
  const [node] = nodes
  if (domain !== ownDomain || !expected || !node || nodes.length > 1) return false
  return (
    node.op === name &&
    node.domain === '' &&
    inputs.length === inputsOf[expected].length &&
    same(node.inputs, inputs) &&
    outputs.length === 1 &&
    same(node.outputs, outputs)
  )
}

const same = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((name, i) => name === b[i])
