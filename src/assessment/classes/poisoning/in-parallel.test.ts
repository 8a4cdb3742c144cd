import { describe, expect, it } from 'vitest'
import { inParallel } from './in-parallel.ts'

describe('inParallel', () => {
  it('gives results in order, so many at a time, and begins none after a failure', async () => {
    let [running, most] = [0, 0]
    const job = (value: number) => async () => {
      most = Math.max(most, ++running)
      await new Promise((resolve) => setTimeout(resolve, 1))
      running--
      if (value < 0) throw new Error('failed')
      return value
    }
    expect(await inParallel([1, 2, 3, 4, 5].map(job), 2)).toEqual([1, 2, 3, 4, 5])
    expect(most).toBe(2)
    let begun = 0
    const counted = [1, -1, 3, 4, 5].map((value) => () => {
      begun++
      return job(value)()
    })
    await expect(inParallel(counted, 1)).rejects.toThrow('failed')
    expect(begun).toBe(2)
  })
})
