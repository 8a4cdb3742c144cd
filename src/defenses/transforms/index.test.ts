import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { resolveParameters } from '../../threat/parameters.ts'
import { transforms } from './index.ts'

const folder = new URL('./', import.meta.url)

describe('transforms', () => {
  it('has every transform of the folder, under the name of its file', () => {
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => /(?<!\.test)\.ts$/.test(file))
      .filter((file) => readFileSync(new URL(file, folder), 'utf8').includes('= defineTransform({'))
    const names = files.map((file) => file.replace(/^.*[\\/]|\.ts$/g, ''))
    expect(names.toSorted()).toEqual([...transforms.keys()].toSorted())
  })

  it.each([...transforms.values()])('$id: its defaults are within its own bounds', ({ id, parameters }) => {
    const defaults = Object.fromEntries(Object.entries(parameters).map(([key, spec]) => [key, spec.default]))
    expect(resolveParameters(id, parameters, defaults)).toEqual(defaults)
  })
})
