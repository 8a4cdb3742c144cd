/** The range that an input is declared to have, and how it was found. */
export interface FoundRange {
  readonly range: readonly [number, number]
  readonly reason: string
  readonly units?: string
}

const usual: readonly (readonly [number, number])[] = [
  [0, 1],
  [-1, 1],
  [0, 255],
]

/** Outwards to three significant digits. */
const outwards = (value: number, round: (value: number) => number): number => {
  if (value === 0) return 0
  const unit = 10 ** (Math.floor(Math.log10(Math.abs(value))) - 2)
  return Number((round(value / unit) * unit).toPrecision(3))
}

/** A usual range where the scaled values fill one, else the lowest and highest value rounded outwards. */
export const inputRange = (low: number, high: number, scale: number, isBytes: boolean): FoundRange => {
  if (isBytes)
    return scale === 1
      ? { range: [0, 255], reason: 'the rows hold bytes', units: 'byte' }
      : { range: [0, 1], reason: 'the rows hold bytes, divided by 255', units: 'byte/255' }
  const found = usual.find(([from, to]) => low >= from && high <= to && high - low > 0.25 * (to - from))
  if (found) return { range: found, reason: `the rows lie within ${low} and ${high}` }
  const range = [outwards(low, Math.floor), outwards(high, Math.ceil)] as const
  return {
    range: range[0] < range[1] ? range : [low, low + 1],
    reason: `lowest and highest value of the rows: ${low} and ${high}`,
  }
}
