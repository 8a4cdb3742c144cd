import { defineShape, typedAs } from './rule.ts'

/** Y over all steps, then the last hidden (and cell) state; layout 1 puts the batch first. */
export const recurrent = defineShape({
  op: ['GRU', 'LSTM', 'RNN'],
  infer: ({ inputs: [x, , r], attributes, fresh }) => {
    const hidden = attributes.int('hidden_size') ?? r?.dims?.[2] ?? fresh()
    const directions = attributes.string('direction', 'forward') === 'bidirectional' ? 2 : 1
    const batchFirst = attributes.int('layout', 0) === 1
    const [outer, inner] = [x?.dims?.[0] ?? fresh(), x?.dims?.[1] ?? fresh()]
    const [steps, batch] = batchFirst ? [inner, outer] : [outer, inner]
    const state = typedAs(x, batchFirst ? [batch, directions, hidden] : [directions, batch, hidden])
    const all = batchFirst ? [batch, steps, directions, hidden] : [steps, directions, batch, hidden]
    return [typedAs(x, all), state, state]
  },
})
