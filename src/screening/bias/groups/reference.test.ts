import { writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { scratch } from '../../../base/testing.ts'
import { readReference } from './reference.ts'

const at = scratch()

describe('a mistake in a reference distribution', () => {
  it.each([
    ['sex: [1, 2]\n', ':1:6: sex: expected a mapping of keys, found [1,2]'],
    ['sex:\n  f: 0.5\n  m: -1\n', ':3:6: sex.m: must be at least 0, found -1'],
    ['sex: {f: half}\n', ':1:10: sex.f: expected a number, found "half"'],
    ['', ':1:1: the file: expected a mapping of keys, found null'],
    ['sex: {f: 1}\nsex: {f: 2}\n', ':2:1: '],
    ['a: &a {f: 1}\nb: *a\n', ':1:1: '],
  ])('%j is refused with its place', async (text, message) => {
    writeFileSync(at('shares.yaml'), text)
    await expect(readReference(at('shares.yaml'))).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining(`${at('shares.yaml')}${message}`),
      hint: expect.stringContaining('expected YAML such as'),
    })
  })
})
