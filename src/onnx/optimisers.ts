import { BartizanError } from '../base/errors.ts'
import type { GraphBuilder, Value } from './builder.ts'

/** What one step of an optimiser reads for one weight. */
export interface OptimiserStep {
  readonly weight: Value
  readonly gradient: Value
  /** State by the names in `slots`, each in the shape of the weight and zeros before the first step. */
  readonly slots: Readonly<Record<string, Value>>
  /** Learning rate: a float scalar, as a rule an input of the graph, so that a schedule needs no new session. */
  readonly rate: Value
  /** Number of this step, from 1: a scalar of any number type. Only Adam's bias correction reads it. */
  readonly step: Value
}

/**
 * One step of gradient descent as a graph builder. The sequence of weights is torch.optim's for the same options; a
 * weight's update reads nothing but its own gradient and state.
 */
export interface Optimiser {
  /** Names of the state that a weight needs; none for plain descent. */
  readonly slots: readonly string[]
  update(g: GraphBuilder, step: OptimiserStep): { readonly weight: Value; readonly slots: Record<string, Value> }
}

export interface DescentOptions {
  /** Adds this times the weight to its gradient (an L2 penalty of half this times the squared norm); default 0. */
  readonly weightDecay?: number
}

export interface MomentumOptions extends DescentOptions {
  /** Share of the velocity that a step keeps; default 0.9. */
  readonly momentum?: number
  /** Steps along the gradient plus the velocity's next share (Sutskever et al. 2013); default false. */
  readonly nesterov?: boolean
}

export interface AdamOptions extends DescentOptions {
  /** Share of the mean gradient that a step keeps; default 0.9. */
  readonly beta1?: number
  /** Share of the mean squared gradient that a step keeps; default 0.999. */
  readonly beta2?: number
  /** Added to the root of the mean squared gradient; default 1e-8. */
  readonly epsilon?: number
}

/** w ← w - rate (g + decay w). */
export const sgd = ({ weightDecay = 0 }: DescentOptions = {}): Optimiser => {
  checkDecay(weightDecay)
  return {
    slots: [],
    update: (g, { weight, gradient, rate }) => ({
      weight: g.sub(weight, g.mul(decayed(g, weight, gradient, weightDecay), rate)),
      slots: {},
    }),
  }
}

/** v ← momentum v + g, w ← w - rate v: the rate stands outside the velocity, as in torch. */
export const momentum = (options: MomentumOptions = {}): Optimiser => {
  const { weightDecay = 0, momentum: share = 0.9, nesterov = false } = options
  checkDecay(weightDecay)
  checkShare('momentum', share)
  return {
    slots: ['velocity'],
    update(g, { weight, gradient, slots, rate }) {
      const slope = decayed(g, weight, gradient, weightDecay)
      const velocity = g.add(g.mul(slots.velocity!, share), slope)
      const direction = nesterov ? g.add(slope, g.mul(velocity, share)) : velocity
      return { weight: g.sub(weight, g.mul(direction, rate)), slots: { velocity } }
    },
  }
}

/** Adam (Kingma and Ba 2014, arXiv:1412.6980), its decay an L2 penalty that goes through the moments. */
export const adam = (options: AdamOptions = {}): Optimiser => adaptive(options, 'penalty')

/** Adam whose decay shrinks the weight itself, by rate times decay (Loshchilov and Hutter 2017, arXiv:1711.05101). */
export const adamw = (options: AdamOptions = {}): Optimiser =>
  adaptive({ ...options, weightDecay: options.weightDecay ?? 0.01 }, 'decoupled')

/**
 * m ← b1 m + (1 - b1) g, v ← b2 v + (1 - b2) g², w ← w - rate (m / c1) / (√(v / c2) + epsilon) with c = 1 - b^step. The
 * corrections are taken out of the arrays: rate √c2 / c1 and epsilon √c2 are scalars.
 */
const adaptive = (options: AdamOptions, decay: 'penalty' | 'decoupled'): Optimiser => {
  const { weightDecay = 0, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options
  checkDecay(weightDecay)
  checkShare('beta1', beta1)
  checkShare('beta2', beta2)
  if (!(epsilon >= 0)) throw refused('epsilon', epsilon, 'a number of 0 or more')
  return {
    slots: ['mean', 'square'],
    update(g, { weight, gradient, slots, rate, step }) {
      const slope = decay === 'penalty' ? decayed(g, weight, gradient, weightDecay) : gradient
      const mean = g.add(g.mul(slots.mean!, beta1), g.mul(slope, 1 - beta1))
      const square = g.add(g.mul(slots.square!, beta2), g.mul(g.square(slope), 1 - beta2))
      const root = g.sqrt(correction(g, step, beta2))
      const scale = g.div(g.mul(g.cast(rate, 'float64'), root), correction(g, step, beta1))
      const bound = g.add(g.sqrt(square), g.cast(g.mul(root, epsilon), weight.dtype))
      const shrunk =
        decay === 'decoupled' && weightDecay > 0 ? g.mul(weight, g.sub(1, g.mul(rate, weightDecay))) : weight
      return {
        weight: g.sub(shrunk, g.div(g.mul(mean, g.cast(scale, weight.dtype)), bound)),
        slots: { mean, square },
      }
    },
  }
}

/** 1 - beta^step, in float64: in float32 the first steps would lose four digits to the difference. */
const correction = (g: GraphBuilder, step: Value, beta: number): Value =>
  g.sub(1, g.pow(g.constant('float64', [], [beta]), g.cast(step, 'float64')))

const decayed = (g: GraphBuilder, weight: Value, gradient: Value, weightDecay: number): Value =>
  weightDecay === 0 ? gradient : g.add(gradient, g.mul(weight, weightDecay))

/**
 * Scales all gradients by min(1, maxNorm / (norm + 1e-6)), norm the L2 norm of all of them together (Pascanu et al. 2012,
 * arXiv:1211.5063; torch's clip_grad_norm_). Also returns the norm before clipping: what isn't finite there has diverged.
 */
export const clipByGlobalNorm = (
  g: GraphBuilder,
  gradients: readonly Value[],
  maxNorm: number,
): { readonly gradients: readonly Value[]; readonly norm: Value } => {
  if (!(maxNorm > 0)) throw refused('the norm to clip gradients to', maxNorm, 'a number above 0')
  const norm = globalNorm(g, gradients)
  const share = g.min(g.div(g.scalar(maxNorm, norm), g.add(norm, 1e-6)), 1)
  return { gradients: gradients.map((gradient) => g.mul(gradient, share)), norm }
}

/** The L2 norm of all values together. */
export const globalNorm = (g: GraphBuilder, values: readonly Value[]): Value => {
  if (values.length === 0) throw new BartizanError('INTERNAL', 'there is no gradient to take the norm of')
  const squares = values.map((value) => g.op('ReduceSumSquare', [value], { keepdims: 0 }))
  return g.sqrt(squares.length === 1 ? squares[0]! : g.op('Sum', squares))
}

const checkDecay = (value: number): void => {
  if (!(value >= 0 && value < Number.POSITIVE_INFINITY)) throw refused('weight decay', value, 'a number of 0 or more')
}

const checkShare = (name: string, value: number): void => {
  if (!(value >= 0 && value < 1)) throw refused(name, value, 'at least 0 and below 1')
}

const refused = (name: string, value: number, expected: string): BartizanError =>
  new BartizanError('CONFIG_INVALID', `${name} is ${value} but should be ${expected}`)
