import type { GraphBuilder, Value } from '../../../onnx/builder.ts'

/**
 * Translation invariance (Dong et al. 2019, arXiv:1904.02884): the gradient smoothed by a Gaussian kernel stands for the
 * mean of the gradients at all shifts of the picture.
 */
export interface Translation {
  /** Taps along each side of the kernel, odd. */
  readonly taps: number
  /** Standard deviations from the kernel's middle to its edge, as the authors' code counts: 3 over 15 taps is 7/3 pixels. */
  readonly deviations: number
}

/** The kernel along one side; the whole is its product with itself. It adds up to 1. */
export const kernelOf = ({ taps, deviations }: Translation): readonly number[] => {
  const middle = (taps - 1) / 2
  const weights = Array.from({ length: taps }, (_, i) =>
    middle === 0 ? 1 : Math.exp(-0.5 * ((deviations * (i - middle)) / middle) ** 2),
  )
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return weights.map((weight) => weight / total)
}

/**
 * Gradients of pictures [rows, channels, height, width], each channel convolved with the kernel and zeros around it. The
 * kernel is separable: a product with a banded matrix from either side.
 */
export const smoothed = (
  g: GraphBuilder,
  gradient: Value,
  [, tall = 1, broad = 1]: readonly number[],
  translation: Translation,
): Value => {
  const kernel = kernelOf(translation)
  const middle = (kernel.length - 1) / 2
  const band = (side: number): Value => {
    const entries = Array.from({ length: side * side }, (_, at) => {
      const [i, j] = [Math.floor(at / side), at % side]
      return kernel[j - i + middle] ?? 0
    })
    return g.constant('float32', [side, side], entries)
  }
  return g.matmul(g.matmul(band(tall), gradient), band(broad))
}
