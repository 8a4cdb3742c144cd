/**
 * Runs jobs, so many at a time, and gives their results in order. After a failure no other is begun; those that run are
 * waited for, and the first failure is thrown.
 */
export const inParallel = async <T>(jobs: readonly (() => Promise<T>)[], most: number): Promise<readonly T[]> => {
  const results: T[] = []
  const failures: unknown[] = []
  let next = 0
  const work = async (): Promise<void> => {
    while (next < jobs.length && failures.length === 0) {
      const at = next++
      try {
        results[at] = await jobs[at]!()
      } catch (error) {
        failures.push(error)
      }
    }
  }
  await Promise.all(Array.from({ length: Math.max(1, Math.min(most, jobs.length)) }, work))
  if (failures.length > 0) throw failures[0]
  return results
}
