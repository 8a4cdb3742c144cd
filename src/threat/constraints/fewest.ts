import type { Layout } from './layout.ts'
import type { Bounds } from './nearest.ts'
import type { Rules } from './rules.ts'
import { sizeIn } from './size.ts'

/** What keeps a row to the rules: writes it to `into`, and says whether it keeps them. */
export type Within = (x0: Float32Array, x: Float32Array, bounds: Bounds, into: Float32Array) => boolean

/** Only the `count` largest changes of `x`, written to `into`; a group that changes counts with both of its places. */
export const fewestChanges = (
  { unit }: Pick<Rules, 'unit'>,
  { parts }: Pick<Layout, 'parts'>,
  within: Within,
): ((x0: Float32Array, x: Float32Array, free: Bounds, count: number, into: Float32Array) => void) => {
  const bounds = { low: new Float64Array(unit.length), high: new Float64Array(unit.length) }
  const open = new Uint8Array(unit.length)
  return (x0, x, free, count, into) => {
    const changed = parts
      .map((members) => {
        const moved = members.filter((at) => x[at] !== x0[at])
        return { moved, most: Math.max(...moved.map((at) => Math.abs(x[at]! - x0[at]!) / unit[at]!)) }
      })
      .filter(({ moved }) => moved.length > 0)
      .sort((a, b) => b.most - a.most)
    // A relation may need a change that was left out: fewer are kept until the row is whole.
    for (let kept = changed.length; kept > 0; kept--) {
      open.fill(0)
      let chosen = 0
      for (const { moved } of changed.slice(0, kept)) {
        if (chosen + moved.length > count) continue
        chosen += moved.length
        for (const at of moved) open[at] = 1
      }
      for (let at = 0; at < x0.length; at++) {
        bounds.low[at] = open[at] ? free.low[at]! : x0[at]!
        bounds.high[at] = open[at] ? free.high[at]! : x0[at]!
      }
      if (within(x0, x, bounds, into) && sizeIn('l0', into, x0, unit) <= count) return
    }
    into.set(x0)
  }
}
