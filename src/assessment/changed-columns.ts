import type { Example } from '../contract/index.ts'
import type { DataSet } from '../data/index.ts'

/** For tables: what changed most, by name. */
export const changedColumns = async (
  set: DataSet,
  attacked: DataSet,
  row: number,
): Promise<Pick<Example, 'changes'>> => {
  if (!set.columns) return {}
  const [before, after] = [(await set.read(row, row + 1)).x, (await attacked.read(row, row + 1)).x]
  const changes = set.columns.map((column, i) => ({ column, before: Number(before[i]), after: Number(after[i]) }))
  const size = (c: (typeof changes)[number]): number => Math.abs(c.after - c.before)
  return {
    changes: changes
      .filter((c) => size(c) > 0)
      .sort((a, b) => size(b) - size(a))
      .slice(0, 5),
  }
}
