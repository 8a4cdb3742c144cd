/** Search for the smallest size at which a row can be broken, step by step. */
export interface SizeSearch {
  /** The size to stay within. */
  tau(): number
  /** The smallest size that broke the row; infinite before. */
  nearest(): number
  /** Takes in what a step reached, undefined where it broke nothing; false once the search is over. */
  advance(reached: number | undefined): boolean
}

/** Sizes reached and sizes given up lie this close together in the end, as a share. */
const closeness = 0.005

/**
 * Lowers the size to a share of every size reached, and gives one up after so many steps without a success; from then on
 * it halves what lies between.
 */
export const sizeSearch = (
  largest: number,
  { patience, decrease }: { readonly patience: number; readonly decrease: number },
): SizeSearch => {
  let [tau, nearest, givenUp, waited] = [largest, Number.POSITIVE_INFINITY, 0, 0]
  return {
    tau: () => tau,
    nearest: () => nearest,
    advance(reached) {
      if (reached !== undefined && reached < nearest) {
        nearest = reached
        waited = 0
        tau = Math.max(decrease * nearest, (givenUp + nearest) / 2)
      } else if (++waited >= patience && nearest < Number.POSITIVE_INFINITY) {
        givenUp = tau
        waited = 0
        tau = (givenUp + nearest) / 2
      }
      return nearest === Number.POSITIVE_INFINITY || nearest - givenUp > closeness * nearest
    },
  }
}
