import { BartizanError } from '../../base/errors.ts'
import type { Dim, Dims } from '../types.ts'
import { broadcastDims, sameDim } from './broadcast.ts'
import { defineShape, typedAs } from './rule.ts'

/** The terms of an einsum equation: one letter an axis, '...' for the axes that broadcast. */
export interface EinsumTerms {
  readonly inputs: readonly (readonly string[])[]
  readonly output: readonly string[]
}

/** Without '->', the output holds the letters that occur once, in alphabetical order, after the ellipsis. */
export const einsumTerms = (equation: string): EinsumTerms => {
  const [left = '', right] = equation.replace(/\s/g, '').split('->')
  const letters = (term: string): readonly string[] => term.match(/\.\.\.|[A-Za-z]/g) ?? []
  const inputs = left.split(',').map(letters)
  if (right !== undefined) return { inputs, output: letters(right) }
  const all = inputs.flat()
  const once = [...new Set(all)].filter((x) => x !== '...' && all.indexOf(x) === all.lastIndexOf(x)).sort()
  return { inputs, output: all.includes('...') ? ['...', ...once] : once }
}

export const einsum = defineShape({
  op: 'Einsum',
  infer: ({ inputs, attributes, node }) => {
    if (inputs.some((x) => !x?.dims)) return [typedAs(inputs[0], undefined)]
    const equation = attributes.string('equation', '')
    const { inputs: terms, output } = einsumTerms(equation)
    const where = `Einsum "${node.name}" (${equation})`
    const sizes = new Map<string, Dim>()
    const ellipses: Dims[] = []
    if (terms.length !== inputs.length)
      throw new BartizanError('GRAPH_INVALID', `${where}: ${terms.length} terms for ${inputs.length} inputs`)
    terms.forEach((term, i) => {
      const dims = inputs[i]!.dims!
      const hidden = dims.length - term.filter((letter) => letter !== '...').length
      if (hidden < 0 || (hidden > 0 && !term.includes('...')))
        throw new BartizanError('GRAPH_INVALID', `${where}: term ${i} can't name the axes of shape [${dims}]`)
      let axis = 0
      for (const letter of term) {
        if (letter === '...') {
          ellipses.push(dims.slice(axis, axis + hidden))
          axis += hidden
          continue
        }
        const [size, known] = [dims[axis++]!, sizes.get(letter)]
        const merged = known === undefined || known === 1 ? size : size === 1 ? known : undefined
        sizes.set(letter, merged ?? sameDim(known!, size, () => `${where}: sizes of "${letter}" don't agree`))
      }
    })
    const spread = broadcastDims(ellipses, where) ?? []
    return [
      typedAs(
        inputs[0],
        output.flatMap((letter) => (letter === '...' ? spread : [sizes.get(letter) ?? 1])),
      ),
    ]
  },
})
