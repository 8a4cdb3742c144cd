import type { Classifier } from '../../models/classifier.ts'
import type { Objective } from '../../training/objective.ts'

/** An objective that sees the logits divided by a temperature; a network trained so is deployed without dividing. */
export const tempered = (objective: Objective, temperature: number): Objective => ({
  ...objective,
  key: `${objective.key} at temperature ${temperature}`,
  loss: (builder) => {
    const { g, logits, logitsAt } = builder
    return objective.loss({
      ...builder,
      logits: g.div(logits, temperature),
      logitsAt: (x) => g.div(logitsAt(x), temperature),
    })
  },
})

/** softmax(logits / temperature) of some rows, [rows, classes]. */
export const softLabels = async (
  teacher: Classifier,
  { x, rows }: { readonly x: Float32Array; readonly rows: number },
  temperature: number,
): Promise<Float32Array> => {
  const program = await teacher.program({
    key: `soft labels at temperature ${temperature}`,
    inputs: {},
    build: ({ g, logits }) => ({ soft: g.softmax(g.div(logits, temperature), 1) }),
  })
  return (await program.run(rows, { x })).soft!
}

/** Cross-entropy against given probabilities [rows, classes] in place of labels. */
export const softCrossEntropy = (
  classes: number,
  probabilities: (rows: { readonly x: Float32Array; readonly rows: number }) => Promise<Float32Array>,
): Objective => ({
  key: 'cross-entropy of soft labels',
  inputs: { soft: { dtype: 'float32', dims: [classes] } },
  loss: ({ g, logits, input }) => g.neg(g.reduceSum(g.mul(input('soft'), g.logSoftmax(logits, 1)), [1])),
  prepare: async (batch) => ({ inputs: { soft: await probabilities(batch) } }),
})
