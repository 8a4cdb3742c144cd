import { columnKinds } from '../pii/index.ts'

const mostNames = 4096

/** Whether a column's name says that it holds personal data. Looking it up is dear, so the answer is kept. */
export const tellingNames = (): ((name: string) => boolean) => {
  const known = new Map<string, boolean>()
  return (name) => {
    const before = known.get(name)
    if (before !== undefined) return before
    const telling = columnKinds(name).length > 0
    if (known.size < mostNames) known.set(name, telling)
    return telling
  }
}
