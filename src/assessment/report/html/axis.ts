export interface Axis {
  /** Pixel of a value. */
  readonly at: (value: number) => number
  readonly ticks: readonly number[]
}

/** Round steps (1, 2, 2.5 or 5 times a power of ten) that cut 0 to `max` into at most `wanted` parts. */
const ticksTo = (max: number, wanted: number): readonly number[] => {
  const rough = max / wanted
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = power * ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough * (1 - 1e-9)) ?? 10)
  return Array.from({ length: Math.floor(max / step + 1e-9) + 1 }, (_, i) => Number((i * step).toPrecision(6)))
}

/** From 0 to `max` over the pixels `from` to `to`. */
export const linearAxis = (max: number, from: number, to: number, wanted = 5): Axis => {
  const end = max > 0 ? max : 1
  return { at: (value) => from + ((to - from) * value) / end, ticks: ticksTo(end, wanted) }
}

/** From `min` to `max`, both above 0, a tick a power of ten and at both ends of the range where none is near. */
export const logAxis = (min: number, max: number, from: number, to: number): Axis => {
  const [low, high] = [Math.log10(min), Math.log10(max > min ? max : min * 10)]
  const powers: number[] = []
  for (let power = Math.ceil(low - 1e-9); power <= high + 1e-9; power++) powers.push(10 ** power)
  return {
    at: (value) => from + ((to - from) * (Math.log10(value) - low)) / (high - low),
    ticks: powers.length > 0 ? powers : [min, max],
  }
}
