/** A queue of one: each action starts when those before it have ended, whether they failed or not. */
export const oneAtATime = (): (<T>(action: () => Promise<T>) => Promise<T>) => {
  let last: Promise<unknown> = Promise.resolve()
  return (action) => {
    const mine = last.then(action, action)
    last = mine.catch(() => undefined)
    return mine
  }
}
