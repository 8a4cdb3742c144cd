import { type GradientCheck, gradientError } from './gradient-check.ts'

/**
 * The gradient error as a multiple of what the sharpest precision with kernels in ONNX Runtime allows: float64 (1e-6),
 * else float32 (5e-3), or the `dtype` asked for. The worse of a static and a symbolic batch; a right rule stays below 1.
 */
export const gradientExcess = async (check: Omit<GradientCheck, 'symbolicBatch'>): Promise<number> => {
  const batched = (check.inputs[0]?.dims.length ?? 0) > 0
  const excesses = [await excess({ ...check, symbolicBatch: false })]
  if (batched) excesses.push(await excess({ ...check, symbolicBatch: true }))
  return Math.max(...excesses)
}

const excess = async (check: GradientCheck): Promise<number> => {
  if (check.dtype === 'float32') return (await gradientError(check)) / 5e-3
  try {
    return (await gradientError({ ...check, dtype: 'float64' })) / 1e-6
  } catch (error) {
    if (check.dtype === 'float64' || !/find an implementation|is invalid/.test(String(error))) throw error
    return excess({ ...check, dtype: 'float32' })
  }
}
