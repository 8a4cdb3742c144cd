import { describe, expect, it } from 'vitest'
import { progressOn } from './progress.ts'

const watched = (isTTY: boolean, check = () => {}) => {
  let text = ''
  let time = 0
  const sink = { write: (part: string) => (text += part), isTTY, columns: 80 }
  return {
    progress: progressOn(sink, check, () => time),
    pass: (milliseconds: number) => {
      time += milliseconds
    },
    text: () => text,
  }
}

describe('progressOn', () => {
  it('writes a plain line now and then where it is no terminal', () => {
    const { progress, pass, text } = watched(false)
    progress.start('pgd')
    for (let i = 1; i <= 25; i++) {
      pass(1000)
      progress.update(i / 25)
    }
    progress.end('robust accuracy 61.3 %')
    expect(text()).toBe(
      'pgd: 40 %, 10 s, about 15 s left\npgd: 80 %, 20 s, about 5 s left\npgd: robust accuracy 61.3 %, 25 s\n',
    )
  })

  it('rewrites one line on a terminal and leaves the result on it', () => {
    const { progress, pass, text } = watched(true)
    progress.start('pgd')
    pass(500)
    progress.update(0.5)
    pass(10)
    progress.update(0.51)
    progress.end('done')
    const lines = text().split('\r\u001b[K')
    expect(lines).toEqual(['', 'pgd …', 'pgd: 50 %, 1 s', 'pgd: done, 1 s\n'])
  })

  it('tells the time left from the pace of this run, where it goes on from what was kept', () => {
    const { progress, pass, text } = watched(false)
    progress.start('train')
    progress.update(0.5)
    pass(10_000)
    progress.update(0.6)
    expect(text()).toBe('train: 60 %, 10 s, about 40 s left\n')
  })

  it('stops the work when the check throws', () => {
    const { progress } = watched(false, () => {
      throw new Error('stop')
    })
    expect(() => progress.update(0.5)).toThrow('stop')
  })
})
