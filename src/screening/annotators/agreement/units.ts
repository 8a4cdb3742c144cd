import type { Answers } from '../answers/answers.ts'

/** How many answers of an item name a class: a unit is the classes of one item with their counts, in order. */
export interface Units {
  readonly count: number
  readonly start: Uint32Array
  readonly label: Uint32Array
  readonly times: Uint32Array
  /** Answers of each unit, at least 2. */
  readonly size: Uint32Array
}

/** The items with at least two answers: the others can't agree or disagree. */
export const unitsOf = ({ items, start, label }: Answers): Units => {
  const bounds = [0]
  const labels: number[] = []
  const times: number[] = []
  const sizes: number[] = []
  for (let i = 0; i < items.length; i++) {
    const size = start[i + 1]! - start[i]!
    if (size < 2) continue
    const sorted = label.slice(start[i]!, start[i + 1]!).sort()
    for (let at = 0; at < size; ) {
      let next = at + 1
      while (next < size && sorted[next] === sorted[at]) next++
      labels.push(sorted[at]!)
      times.push(next - at)
      at = next
    }
    bounds.push(labels.length)
    sizes.push(size)
  }
  return {
    count: sizes.length,
    start: Uint32Array.from(bounds),
    label: Uint32Array.from(labels),
    times: Uint32Array.from(times),
    size: Uint32Array.from(sizes),
  }
}
