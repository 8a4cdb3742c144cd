import type { AttackedModel } from './attacked-model.ts'

/** x = origin + unit z, for each value of a row. */
export interface AffineUnits {
  readonly unit: Float64Array
  readonly origin: Float64Array
}

/** A model behind an API, fed in other units: rows are turned back before they are sent. */
export const fedInUnits = (model: AttackedModel, { unit, origin }: AffineUnits): AttackedModel => ({
  ...model,
  async program(spec) {
    const program = await model.program(spec)
    return {
      cost: program.cost,
      run(rows, { x, ...data }) {
        if (!(x instanceof Float32Array)) return program.run(rows, { ...data, ...(x && { x }) })
        const raw = x.map((value, i) => origin[i % unit.length]! + unit[i % unit.length]! * value)
        return program.run(rows, { ...data, x: raw })
      },
    }
  },
  release: async () => {},
})
