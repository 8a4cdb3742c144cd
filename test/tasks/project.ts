import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { scratchFolders } from '../../src/base/testing.ts'
import { graphBuilder } from '../../src/onnx/builder.ts'
import { modelOf } from '../../src/onnx/session.ts'
import { writeModel } from '../../src/onnx/write.ts'

const newFolder = scratchFolders()

interface Project {
  readonly weights: readonly (readonly number[])[]
  readonly biases: readonly number[]
  /** Puts a sigmoid at the end. */
  readonly squashed?: boolean
  readonly csv: readonly (readonly (string | number)[])[]
  readonly yaml: string
}

/** A folder with a linear model, a table and a bartizan.yaml. */
export const newProject = ({ weights, biases, squashed = false, csv, yaml }: Project): string => {
  const folder = newFolder()
  const [outputs, size] = [weights.length, weights[0]!.length]
  const g = graphBuilder()
  const x = g.input('x', 'float32', ['batch', size])
  const W = g.constant('float32', [outputs, size], weights.flat())
  const y = g.op('Gemm', [x, W, g.constant('float32', [outputs], biases)], { transB: 1 })
  g.output('y', squashed ? g.sigmoid(y) : y)
  writeFileSync(join(folder, 'model.onnx'), writeModel(modelOf(g.build(['y']))))
  writeFileSync(join(folder, 'rows.csv'), `${csv.map((cells) => cells.join(',')).join('\n')}\n`)
  writeFileSync(join(folder, 'bartizan.yaml'), `${yaml}\n`)
  return folder
}
