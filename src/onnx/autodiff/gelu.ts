import type { GraphBuilder, Value } from '../builder.ts'

/** Derivative of X Φ(X), Φ the normal distribution function (Hendrycks and Gimpel 2016, arXiv:1606.08415). */
export const geluSlope = (g: GraphBuilder, X: Value): Value => {
  const probability = g.mul(g.add(g.op('Erf', [g.mul(X, Math.SQRT1_2)]), 1), 0.5)
  const density = g.mul(g.exp(g.mul(g.square(X), -0.5)), 1 / Math.sqrt(2 * Math.PI))
  return g.add(probability, g.mul(X, density))
}

/** Derivative of the approximation X (1 + t) / 2 with t = tanh(√(2/π) (X + 0.044715 X³)). */
export const tanhGeluSlope = (g: GraphBuilder, X: Value): Value => {
  const scale = Math.sqrt(2 / Math.PI)
  const square = g.square(X)
  const t = g.tanh(g.mul(g.mul(X, g.add(g.mul(square, 0.044715), 1)), scale))
  const inner = g.mul(g.add(g.mul(square, 3 * 0.044715), 1), scale / 2)
  return g.add(g.mul(g.add(t, 1), 0.5), g.mul(g.mul(X, inner), g.sub(1, g.square(t))))
}

/** Derivative of X σ(αX): σ (1 + αX (1 - σ)). */
export const swishSlope = (g: GraphBuilder, X: Value, alpha: number): Value => {
  const scaled = alpha === 1 ? X : g.mul(X, alpha)
  const s = g.sigmoid(scaled)
  return g.mul(s, g.add(g.mul(scaled, g.sub(1, s)), 1))
}
