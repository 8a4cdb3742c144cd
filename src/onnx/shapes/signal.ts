import { type Dim, dtypes } from '../types.ts'
import { checkedAxis } from './broadcast.ts'
import { defineShape, typedAs } from './rule.ts'

/** The last axis holds real and imaginary parts; one-sided transforms of reals keep half of the frequencies. */
export const dft = defineShape({
  op: 'DFT',
  infer: ({ inputs: [x, length, axisInput], attributes, fresh, node }) => {
    if (!x?.dims) return [typedAs(x, undefined)]
    const rank = x.dims.length
    const given = axisInput ? axisInput.elements?.[0] : -2
    const axis = typeof given === 'number' ? checkedAxis(given, rank, `DFT "${node.name}"`) : undefined
    const isHalf = attributes.int('onesided', 0) === 1
    const isInverse = attributes.int('inverse', 0) === 1
    const size = (dim: Dim): Dim => {
      const full = length ? (length.elements?.[0] ?? fresh()) : isHalf && isInverse ? fresh() : dim
      if (!isHalf || isInverse) return full
      return typeof full === 'number' ? Math.floor(full / 2) + 1 : fresh()
    }
    const parts = isHalf && isInverse ? 1 : 2
    return [
      typedAs(
        x,
        x.dims.map((dim, i) => {
          if (i === rank - 1) return parts
          return axis === undefined ? fresh() : i === axis ? size(dim) : dim
        }),
      ),
    ]
  },
})

export const window = defineShape({
  op: ['BlackmanWindow', 'HammingWindow', 'HannWindow'],
  infer: ({ inputs: [size], attributes, fresh }) => [
    { dtype: dtypes[attributes.int('output_datatype', 1)] ?? 'undefined', dims: [size?.elements?.[0] ?? fresh()] },
  ],
})
