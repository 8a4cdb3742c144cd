/** Which pixel stands for the one at `at`, which may lie outside an axis of `length` pixels. */
export type Border = (at: number, length: number) => number

const modulo = (at: number, period: number): number => ((at % period) + period) % period

/** a a | a b c | c c */
export const nearest: Border = (at, length) => Math.min(Math.max(at, 0), length - 1)

/** b a | a b c | c b */
export const reflect: Border = (at, length) => {
  const place = modulo(at, 2 * length)
  return place < length ? place : 2 * length - 1 - place
}

/** c b | a b c | b a */
export const mirror: Border = (at, length) => {
  if (length === 1) return 0
  const place = modulo(at, 2 * length - 2)
  return place < length ? place : 2 * length - 2 - place
}
