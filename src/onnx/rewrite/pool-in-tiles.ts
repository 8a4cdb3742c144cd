import { inferShapes } from '../shapes/infer.ts'
import { tensor } from '../tensor.ts'
import type { Attributes, Dim, Graph, Node, Tensor, TensorType } from '../types.ts'

/**
 * How a convolution gives the positions of pooling tiles. `strided`: in steps of a tile, each sum in the order that it
 * had, so that what was equal stays equal and the gradient of pooling goes where it went. `folded`: on the input with its
 * pixels' places in a tile as channels (SpaceToDepth), which is faster with many channels; values that were equal may
 * differ in their last bits, and another of them gets the gradient.
 */
export type TileForm = 'strided' | 'folded'

/**
 * MaxPool over square tiles right after a convolution, as the largest of several convolutions: each position of a tile
 * has a kernel of its own, moved there. One convolution gives all positions as channels, and nothing has to be taken apart
 * forwards or put together backwards for the gradient. Only where the larger kernel is affordable, and where nobody but
 * the pooling reads the convolution.
 *
 * `inputTypes` sharpens what the graph says of its inputs: the sizes of kernels must be known, and for the folded form
 * those of the images.
 */
export const poolInTiles = (
  graph: Graph,
  form: TileForm,
  inputTypes: Readonly<Record<string, TensorType>> = {},
): Graph => {
  const reads = new Map<string, number>()
  for (const name of [...graph.nodes.flatMap(({ inputs }) => inputs), ...graph.outputs.map(({ name }) => name)])
    reads.set(name, (reads.get(name) ?? 0) + 1)
  const makers = new Map(graph.nodes.map((node) => [node.outputs[0]!, node]))
  const pools = graph.nodes.filter((node) => reads.get(node.inputs[0]!) === 1 && tileSide(node) !== undefined)
  if (pools.length === 0) return graph
  const shapes = inferShapes(graph, inputTypes)
  const initializers = new Map(graph.initializers)
  const replaced = new Map<Node, readonly Node[]>()
  for (const pool of pools) {
    const conv = makers.get(pool.inputs[0]!)
    const [images, kernel] = conv?.inputs.map((name) => shapes.get(name)) ?? []
    const tiling = conv && images && kernel && tilingOf(conv, { form, side: tileSide(pool)! }, images, kernel)
    if (!tiling) continue
    replaced.set(conv, [])
    replaced.set(pool, inTiles(conv, pool, tiling, initializers))
  }
  return { ...graph, nodes: graph.nodes.flatMap((node) => replaced.get(node) ?? [node]), initializers }
}

/** The side of a MaxPool's tiles, where they are square and lie side by side without padding. */
const tileSide = ({ op, domain, outputs, attributes }: Node): number | undefined => {
  const sizes = [...intsOf(attributes, 'kernel_shape'), ...intsOf(attributes, 'strides')]
  const [side] = sizes
  const plain =
    op === 'MaxPool' &&
    domain === '' &&
    outputs.length === 1 &&
    sizes.length === 4 &&
    sizes.every((size) => size === side) &&
    isExplicit(attributes) &&
    intsOf(attributes, 'pads').every((pad) => pad === 0) &&
    intsOf(attributes, 'dilations').every((dilation) => dilation === 1) &&
    isInt(attributes, 'ceil_mode', 0)
  return plain && side! > 1 ? side : undefined
}

interface Tiling {
  readonly form: TileForm
  readonly side: number
  /** [M, C, kh, kw]. */
  readonly weights: readonly [number, number, number, number]
  /** Where the kernel lies in the larger one for the first position of a tile. */
  readonly shift: readonly [number, number]
  /** Sizes of the larger kernel, in pixels. */
  readonly sizes: readonly [number, number]
  /** As the attribute has it. */
  readonly pads: readonly number[]
}

/**
 * Products that a larger kernel may add for each output: measured on the reference network, 176 more at 16 channels cost
 * as much as they save in the strided form, and less in the folded one.
 */
const affordable = 200

/** How a plain two-dimensional convolution goes over to tiles; undefined where it can't or shouldn't. */
const tilingOf = (
  { op, domain, attributes }: Node,
  { form, side }: Pick<Tiling, 'form' | 'side'>,
  images: TensorType,
  kernel: TensorType,
): Tiling | undefined => {
  const plain =
    op === 'Conv' &&
    domain === '' &&
    isExplicit(attributes) &&
    isInt(attributes, 'group', 1) &&
    [...intsOf(attributes, 'strides'), ...intsOf(attributes, 'dilations')].every((step) => step === 1)
  const { dtype, dims } = kernel
  if (!plain || dtype !== 'float32' || dims?.length !== 4 || dims.some((dim) => typeof dim !== 'number'))
    return undefined
  const weights = dims as Tiling['weights']
  const given = intsOf(attributes, 'pads')
  const pads = given.length === 4 ? given : [0, 0, 0, 0]
  const axis = (i: 0 | 1) =>
    alongAxis({ form, side, size: images.dims?.[i + 2], length: weights[i + 2]!, pads: [pads[i]!, pads[i + 2]!] })
  const [y, x] = [axis(0), axis(1)]
  if (!y || !x || weights[1] * (y.length * x.length - weights[2] * weights[3]) > affordable) return undefined
  const [shift, sizes] = [[y.shift, x.shift] as const, [y.length, x.length] as const]
  return { form, side, weights, shift, sizes, pads: [y.pads[0], x.pads[0], y.pads[1], x.pads[1]] }
}

interface AlongAxis {
  readonly form: TileForm
  readonly side: number
  /** Pixels of the image. */
  readonly size: Dim | undefined
  readonly length: number
  readonly pads: readonly [number, number]
}

/** The larger kernel along an axis, its padding in pixels or in tiles. */
const alongAxis = ({ form, side, size, length, pads }: AlongAxis) => {
  if (form === 'strided') return { shift: 0, length: length + side - 1, pads }
  if (typeof size !== 'number' || size % side !== 0) return undefined
  const [begin, end] = pads
  const before = Math.ceil(begin / side)
  const shift = before * side - begin
  const tiles = Math.ceil((shift + length + side - 1) / side)
  const after = Math.floor((size + begin + end - length + 1) / side) - size / side - before + tiles - 1
  return after < 0 ? undefined : { shift, length: tiles * side, pads: [before, after] as const }
}

const inTiles = (conv: Node, pool: Node, tiling: Tiling, initializers: Map<string, Tensor>): readonly Node[] => {
  const { form, side, weights, sizes, pads } = tiling
  const [M, C, kh, kw] = weights
  const [x, kernel, bias] = conv.inputs as [string, string, string?]
  const prefix = `${conv.outputs[0]}/tiles`
  const nodes: Node[] = []
  const add = (op: string, part: string, inputs: readonly string[], attributes: Attributes = {}): string => {
    const name = `${prefix}/${part}`
    nodes.push({ name, op, domain: '', inputs, outputs: [name], attributes })
    return name
  }
  const fixed = (part: string, value: Tensor): string => {
    const name = `${prefix}/${part}`
    initializers.set(name, value)
    return name
  }
  const ints = (part: string, values: readonly number[]) => fixed(part, tensor('int64', [values.length], values))
  const [places, area] = [side * side, sizes[0] * sizes[1]]
  // Channels that an input channel becomes, and the size of their kernels.
  const [apart, spatial] = form === 'folded' ? [places, sizes.map((size) => size / side)] : [1, sizes]
  const matrix = fixed('moves', tensor('float32', [kh * kw, places * area], moves(tiling)))
  const flat = add('Reshape', 'flat', [kernel, ints('flat-shape', [M, C, kh * kw])])
  const product = add('MatMul', 'product', [flat, matrix])
  const moved = add('Reshape', 'moved', [product, ints('moved-shape', [M, C, places, apart, area / apart])])
  const ordered = add('Transpose', 'ordered', [moved], { perm: { type: 'ints', value: [2, 0, 3, 1, 4] } })
  const kernels = add('Reshape', 'kernels', [ordered, ints('shape', [places * M, apart * C, ...spatial])])
  const biases = bias ? [add('Concat', 'biases', Array<string>(places).fill(bias), { axis: int(0) })] : []
  const input = form === 'folded' ? add('SpaceToDepth', 'input', [x], { blocksize: int(side) }) : x
  const strides = form === 'folded' ? [1, 1] : [side, side]
  const convolved = add('Conv', 'conv', [input, kernels, ...biases], {
    kernel_shape: { type: 'ints', value: spatial },
    strides: { type: 'ints', value: strides },
    pads: { type: 'ints', value: pads },
  })
  const positions = Array.from({ length: places }, (_, place) => `${prefix}/position-${place}`)
  return [
    ...nodes,
    {
      name: `${prefix}/positions`,
      op: 'Split',
      domain: '',
      inputs: [convolved],
      outputs: positions,
      attributes: { axis: int(1), num_outputs: int(places) },
    },
    { ...pool, op: 'Max', inputs: positions, attributes: {} },
  ]
}

/**
 * [kh kw, positions × pixels of the larger kernel]: a kernel times this is the kernel moved to each position in a tile.
 * Folded, the pixels go by their place in a tile, then by the tile. The adjoint, which the gradient needs, is a product
 * as well.
 */
const moves = ({ form, side, weights: [, , kh, kw], shift, sizes: [height, width] }: Tiling): Float32Array => {
  const [places, area] = [side * side, height * width]
  const values = new Float32Array(kh * kw * places * area)
  for (let element = 0; element < kh * kw; element++)
    for (let position = 0; position < places; position++) {
      const y = shift[0] + Math.floor(position / side) + Math.floor(element / kw)
      const x = shift[1] + (position % side) + (element % kw)
      const place = (y % side) * side + (x % side)
      const tile = Math.floor(y / side) * (width / side) + Math.floor(x / side)
      const pixel = form === 'folded' ? place * (area / places) + tile : y * width + x
      values[(element * places + position) * area + pixel] = 1
    }
  return values
}

const int = (value: number) => ({ type: 'int', value }) as const

const intsOf = (attributes: Attributes, name: string): readonly number[] => {
  const attribute = attributes[name]
  return attribute?.type === 'ints' ? attribute.value : []
}

/** Whether an attribute has a value, which is also its default. */
const isInt = (attributes: Attributes, name: string, value: number): boolean => {
  const attribute = attributes[name]
  return attribute === undefined || (attribute.type === 'int' && attribute.value === value)
}

/** Whether padding is written out. */
const isExplicit = ({ auto_pad: mode }: Attributes): boolean =>
  mode === undefined || (mode.type === 'string' && mode.value === 'NOTSET')
