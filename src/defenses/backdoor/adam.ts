/** Adam (Kingma and Ba 2014, arXiv:1412.6980) on values in memory; a step moves them in place. */
export interface Adam {
  step(values: Float64Array, gradient: Float64Array, rate: number): void
}

export const adamOf = (length: number, decay1: number, decay2: number): Adam => {
  const [first, second] = [new Float64Array(length), new Float64Array(length)]
  let steps = 0
  return {
    step(values, gradient, rate) {
      steps++
      const [share1, share2] = [1 - decay1 ** steps, 1 - decay2 ** steps]
      for (let i = 0; i < length; i++) {
        const slope = Number.isFinite(gradient[i]) ? gradient[i]! : 0
        first[i] = decay1 * first[i]! + (1 - decay1) * slope
        second[i] = decay2 * second[i]! + (1 - decay2) * slope * slope
        values[i]! -= (rate * first[i]!) / share1 / (Math.sqrt(second[i]! / share2) + 1e-8)
      }
    },
  }
}
