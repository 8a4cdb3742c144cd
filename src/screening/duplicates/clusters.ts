/** Disjoint sets over 0 … size - 1 (union by the smaller root, path halving). */
export interface Clusters {
  join(a: number, b: number): void
  together(a: number, b: number): boolean
  /** Sets with two members at least, each ascending, by first member. */
  groups(): readonly (readonly number[])[]
}

export const clustersOf = (size: number): Clusters => {
  const parent = Int32Array.from({ length: size }, (_, i) => i)
  const root = (at: number): number => {
    let node = at
    while (parent[node] !== node) {
      parent[node] = parent[parent[node]]
      node = parent[node]
    }
    return node
  }
  return {
    join(a, b) {
      const [x, y] = [root(a), root(b)]
      parent[Math.max(x, y)] = Math.min(x, y)
    },
    together: (a, b) => root(a) === root(b),
    groups() {
      const members = new Map<number, number[]>()
      for (let i = 0; i < size; i++) {
        const of = root(i)
        const list = members.get(of)
        if (list === undefined) members.set(of, [i])
        else list.push(i)
      }
      return [...members.values()].filter((list) => list.length > 1)
    },
  }
}
