import { describe, expect, it } from 'vitest'
import { readModel } from '../onnx/read.ts'
import { writeModel } from '../onnx/write.ts'
import { defenses } from './index.ts'
import { contextOf, harden, quick } from './testing.ts'

const all = [...defenses.values()]
const trained = all.filter(({ parameters }) => 'epochs' in parameters)

/** Over quickly; a repair is told what to unlearn, since an untrained model has no backdoor. */
const quickly = (id: string) =>
  id === 'backdoor-repair' ? { ...quick, target: 1, rounds: 1, 'search-steps': 10, verify: false } : quick

describe('every defence', () => {
  it('is in the table once, under its own id', () => {
    expect([...defenses.keys()]).toEqual(all.map(({ id }) => id))
    expect(new Set(all.map(({ title }) => title)).size).toBe(all.length)
  })

  it.each(all)('$id says what it is, where it comes from and what it holds against', (defense) => {
    expect(defense.id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/)
    expect(defense.title).not.toMatch(/\.$|\n/)
    expect(defense.reference).toMatch(/(19|20)\d\d/)
    expect(defense.holds).toMatch(/^[A-Z].*[.]$/)
    for (const [name, { help }] of Object.entries(defense.parameters)) {
      expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/)
      expect(help.length).toBeGreaterThan(5)
    }
  })

  it.each(all)(
    "$id gives a model that runs, with the source's inputs, outputs and metadata",
    async ({ id, parameters }) => {
      const context = contextOf()
      const { model, notes, epochs } = await harden(id, context, 'epochs' in parameters ? quickly(id) : {})
      const { graph, metadata } = readModel(writeModel(model))
      const names = ({ inputs, outputs }: typeof graph) => [...inputs, ...outputs].map(({ name }) => name)
      const added = id.startsWith('detector-') ? ['detector_score'] : []
      expect(names(graph)).toEqual([...names(context.source.graph), ...added])
      expect(metadata).toMatchObject({ author: 'somebody' })
      for (const note of notes) expect(note).toMatch(/^[A-Z].*[.]$/)
      expect(epochs).toHaveLength('epochs' in parameters ? 1 : 0)
      const opened = await context.open(readModel(writeModel(model)))
      expect(opened.classes).toBe(3)
      await opened.release()
    },
  )

  it.each(trained)('$id trains: its weights change, and are the same for the same seed', async ({ id }) => {
    const weights = async (seed: number) => {
      const { model } = await harden(id, contextOf({ context: { seed } }), quickly(id))
      return [...model.graph.initializers.values()].map(({ data }) => data)
    }
    const before = [...contextOf().source.graph.initializers.values()].map(({ data }) => data)
    const [once, twice, other] = [await weights(0), await weights(0), await weights(1)]
    expect(once).toEqual(twice)
    expect(once).not.toEqual(before)
    expect(once).not.toEqual(other)
  })
})
