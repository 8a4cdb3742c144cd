import type { Measure } from '../../src/threat/norm.ts'
import type { AnyParameters } from '../../src/threat/parameters.ts'

/** An attack of ours and one of a peer on the same rows. */
export interface Pair {
  readonly model: 'mnist-cnn' | 'mnist-cnn-at' | 'mnist-overfit' | 'fashion-resnet' | 'breast-cancer-mlp'
  readonly rows: number
  readonly attack: string
  readonly norm: Measure
  /** Infinity: the smallest change is looked for. */
  readonly epsilon: number
  readonly parameters?: AnyParameters
  readonly peer: {
    readonly library: 'art' | 'foolbox'
    readonly attack: string
    readonly options: Readonly<Record<string, unknown>>
    /** The model ends in a softmax, which some attacks of ART need. */
    readonly softmax?: boolean
    /** The attack is given no labels; with them it would take them as targets. */
    readonly unlabelled?: boolean
    /** Share of the side that a patch is laid at. */
    readonly scale?: number
  }
}

/** Budget of an attack that looks for the smallest change. */
export const smallest = Number.POSITIVE_INFINITY
/** The batch that the peer is fastest with. */
export const best = 'best'
export const art = (
  attack: string,
  options: Pair['peer']['options'],
  more: Partial<Pair['peer']> = {},
): Pair['peer'] => ({
  library: 'art',
  attack,
  options,
  ...more,
})
export const foolbox = (attack: string, options: Pair['peer']['options']): Pair['peer'] => ({
  library: 'foolbox',
  attack,
  options,
})
export const digits = { model: 'mnist-cnn' } as const
export const hardened = { model: 'mnist-cnn-at' } as const
export const overfit = { model: 'mnist-overfit' } as const
export const clothes = { model: 'fashion-resnet' } as const
export const tumours = { model: 'breast-cancer-mlp' } as const
