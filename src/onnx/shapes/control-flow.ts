import type { Dim, Dims, Graph, Node } from '../types.ts'
import { defineShape, type Known, type ShapeRequest, unknown } from './rule.ts'

const graphOf = (node: Node, name: string): Graph | undefined => {
  const attribute = node.attributes[name]
  return attribute?.type === 'graph' ? attribute.value : undefined
}

/** What holds of both: sizes that differ have no name. */
const either = (a: Known, b: Known, fresh: () => Dim): Known => ({
  dtype: a.dtype === 'undefined' ? b.dtype : a.dtype,
  dims:
    a.dims && b.dims && a.dims.length === b.dims.length
      ? a.dims.map((dim, axis) => (dim === b.dims![axis] ? dim : fresh()))
      : undefined,
})

export const branch = defineShape({
  op: 'If',
  infer: ({ node, nested, fresh }) => {
    const [yes, no] = ['then_branch', 'else_branch'].map((name) => {
      const graph = graphOf(node, name)
      return graph ? nested(graph) : []
    })
    return yes!.map((type, i) => either(type, no![i] ?? unknown, fresh))
  },
})

const typeOnly = (x: Known | undefined): Known => ({ dtype: x?.dtype ?? 'undefined', dims: x?.dims })

/** Sizes that change later than this hang on a chain of states: those shapes are given up. */
const maxTurns = 4

/** Types of a body's outputs, with the sizes of the state widened until one more turn leaves them as they are. */
const steady = (
  request: ShapeRequest,
  body: Graph,
  state: readonly Known[],
  around: (state: readonly Known[]) => readonly Known[],
  from: number,
): readonly Known[] => {
  const widened = new Set<Dim>()
  const widen = (before: Known, after: Known): Known => ({
    dtype: before.dtype,
    dims:
      before.dims?.length === after.dims?.length
        ? before.dims?.map((dim, axis) => {
            if (dim === after.dims![axis] || widened.has(dim)) return dim
            const open = request.fresh()
            widened.add(open)
            return open
          })
        : undefined,
  })
  let types = state.map(typeOnly)
  for (let turn = 0; ; turn++) {
    const outputs = request.nested(body, around(types))
    const next = types.map((type, i) => {
      const wide = widen(type, outputs[from + i] ?? unknown)
      return turn < maxTurns || sameDims(wide.dims, type.dims) ? wide : { ...wide, dims: undefined }
    })
    if (next.every(({ dims }, i) => sameDims(dims, types[i]!.dims)))
      return [...next, ...outputs.slice(from + types.length).map(typeOnly)]
    types = next
  }
}

const sameDims = (a: Dims | undefined, b: Dims | undefined): boolean =>
  a === b || (a !== undefined && a.length === b?.length && a.every((dim, axis) => dim === b[axis]))

/** Inputs: trip count, condition, state. The body's outputs: condition, state, one slice of each stacked output. */
export const loop = defineShape({
  op: 'Loop',
  infer: (request) => {
    const body = graphOf(request.node, 'body')
    if (!body) return []
    const state = request.inputs.slice(2).map((x) => x ?? unknown)
    const counters: readonly Known[] = [
      { dtype: 'int64', dims: [] },
      { dtype: 'bool', dims: [] },
    ]
    const types = steady(request, body, state, (types) => [...counters, ...types], 1)
    const turns = request.fresh()
    return types.map((type, i) => (i < state.length ? type : { ...type, dims: type.dims && [turns, ...type.dims] }))
  },
})

/** State and slices along the axis of each scanned input; outputs stack along theirs. */
export const scan = defineShape({
  op: 'Scan',
  infer: (request) => {
    const { attributes, inputs, node, fresh } = request
    const body = graphOf(node, 'body')
    const count = attributes.int('num_scan_inputs', inputs.length)
    if (!body) return []
    const state = inputs.slice(0, -count).map((x) => x ?? unknown)
    const scanned = inputs.slice(-count).map((x) => x ?? unknown)
    const inAxes = attributes.ints('scan_input_axes')
    const axisOf = (axis: number, rank: number) => (axis < 0 ? axis + rank : axis)
    const slices = scanned.map(({ dtype, dims }, i) => ({
      dtype,
      dims: dims?.toSpliced(axisOf(inAxes?.[i] ?? 0, dims.length), 1),
    }))
    const steps = scanned[0]?.dims?.[axisOf(inAxes?.[0] ?? 0, scanned[0].dims.length)] ?? fresh()
    const outAxes = attributes.ints('scan_output_axes')
    return steady(request, body, state, (types) => [...types, ...slices], 0).map((type, i) => {
      const axis = outAxes?.[i - state.length] ?? 0
      return i < state.length
        ? type
        : { ...type, dims: type.dims?.toSpliced(axisOf(axis, type.dims.length + 1), 0, steps) }
    })
  },
})
