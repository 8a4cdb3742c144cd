import { describe, expect, it } from 'vitest'
import { graphBuilder } from '../builder.ts'
import type { Attribute, Graph } from '../types.ts'
import { inferShapes } from './infer.ts'
import { wrongShapes } from './random-cases.ts'
import { checkShapes } from './runtime-check.ts'

const graphOf = (value: Graph): Attribute => ({ type: 'graph', value })

describe('control flow', () => {
  it('If agrees on what both branches give', async () => {
    expect(
      await wrongShapes(
        'If',
        (draw) => ({
          inputs: [{ dims: draw.hidden([2, 3]) }, { dims: [], dtype: 'bool', values: [draw.between(0, 1)] }],
          build: (g, [x, flag]) => {
            const branch = (rows: number) => {
              const inner = graphBuilder()
              inner.output('made', inner.constant('float32', [rows, 3], new Array(rows * 3).fill(1)))
              const made = inner.build()
              const double = { name: 'double', op: 'Add', domain: '', inputs: [x!.name, x!.name], outputs: ['twice'] }
              return graphOf({
                ...made,
                nodes: [...made.nodes, { ...double, attributes: {} }],
                outputs: [...made.outputs, { name: 'twice', dtype: 'float32', dims: undefined }],
              })
            }
            return g.ops('If', [flag], { then_branch: branch(1), else_branch: branch(4) }, { outputs: 2 })
          },
        }),
        { dataDependent: true },
      ),
    ).toEqual([])
  })

  it('sees the values around a nested graph', () => {
    const branch = graphOf({
      name: 'branch',
      nodes: [{ name: 'double', op: 'Add', domain: '', inputs: ['x', 'x'], outputs: ['twice'], attributes: {} }],
      inputs: [],
      outputs: [{ name: 'twice', dtype: 'undefined', dims: undefined }],
      initializers: new Map(),
    })
    const g = graphBuilder()
    g.input('x', 'float32', ['batch', 3])
    const flag = g.input('flag', 'bool', [])
    const y = g.op('If', [flag], { then_branch: branch, else_branch: branch })
    expect(inferShapes(g.build([y.name])).get(y.name)).toEqual({ dtype: 'float32', dims: ['batch', 3] })
  })

  it('Loop widens what grows and stacks what it collects', async () => {
    const body = graphBuilder()
    body.input('turn', 'int64', [])
    const go = body.input('go', 'bool', [])
    const [growing, fixed] = [body.input('growing', 'float32', ['rows', 3]), body.input('fixed', 'float32', [3])]
    body.output('goes', go)
    body.output('grown', body.concat([growing, body.unsqueeze(fixed, [0])], 0))
    body.output('same', body.mul(fixed, 2))
    body.output('collected', body.reduceSum(fixed, [0], true))
    const { wrong, open } = await checkShapes({
      inputs: [{ dims: [2, 3] }, { dims: [3] }],
      build: (g, [growing, fixed]) =>
        g.ops(
          'Loop',
          [g.constant('int64', [], [4]), g.constant('bool', [], [1]), growing, fixed],
          { body: graphOf(body.build()) },
          { outputs: 3 },
        ),
    })
    expect(wrong).toEqual([])
    // Only the number of rows that grew and the number of turns are open.
    expect(open).toHaveLength(2)
  })

  it('Scan takes slices and stacks', async () => {
    const body = graphBuilder()
    const [state, slice] = [body.input('state', 'float32', [3]), body.input('slice', 'float32', [3])]
    const sum = body.add(state, slice)
    body.output('sum', sum)
    body.output('each', body.reduceSum(sum, [0], true))
    expect(
      await wrongShapes('Scan', (draw) => {
        const axis = draw.between(0, 1)
        return {
          inputs: [{ dims: [3] }, { dims: draw.hidden(axis === 0 ? [5, 3] : [3, 5], (a) => a === axis) }],
          build: (g, x) =>
            g.ops(
              'Scan',
              x,
              { body: graphOf(body.build()), num_scan_inputs: 1, scan_input_axes: [axis], scan_output_axes: [-1] },
              { outputs: 2 },
            ),
        }
      }),
    ).toEqual([])
  })
})
