import { other, type Value } from './values.ts'

/** The unpickler's memo. Python's own is dense; keys far beyond its end go to a map. */
export interface Memo {
  get(key: number): Value
  set(key: number, value: Value): void
  /** MEMOIZE: under the number of keys there are. */
  append(value: Value): void
  readonly size: number
}

export const newMemo = (): Memo => {
  const dense: Value[] = []
  const sparse = new Map<number, Value>()
  const set = (key: number, value: Value): void => {
    if (key >= 0 && key < dense.length) dense[key] = value
    else if (key === dense.length) dense.push(value)
    else sparse.set(key, value)
  }
  const size = (): number => dense.length + sparse.size
  return {
    get: (key) => (key >= 0 && key < dense.length ? dense[key]! : (sparse.get(key) ?? other)),
    set(key, value) {
      if (key === dense.length) sparse.delete(key)
      set(key, value)
    },
    append: (value) => set(size(), value),
    get size() {
      return size()
    },
  }
}
