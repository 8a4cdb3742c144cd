import { join } from 'node:path'
import { afterEach } from 'vitest'
import { scratchFolders } from '../../src/base/testing.ts'
import { type ConfigInput, endpointConfigSchema } from '../../src/contract/index.ts'
import { type EndpointModel, type EndpointOptions, openEndpoint } from '../../src/models/endpoint/index.ts'
import { forward } from '../../src/models/program.ts'
import { digits, model } from '../support/fixtures.ts'

const all: EndpointModel[] = []

afterEach(async () => {
  for (const endpoint of all.splice(0)) await endpoint.release()
})

export const newFolder = scratchFolders()

export const served = await model('mnist-cnn')
export const shown = await digits(24)
// Compiled before anything is timed.
await (await served.program(forward)).run(1, { x: shown.x.slice(0, 784) })
export const size = 784

type Written = NonNullable<ConfigInput['model']['endpoint']>

/** Opens an endpoint as a run in `folder` does. */
export const opened = async (
  written: Written,
  more: Partial<EndpointOptions> = {},
  folder: string = newFolder(),
): Promise<EndpointModel> => {
  const endpoint = await openEndpoint({
    config: endpointConfigSchema.parse(written),
    output: 'auto',
    data: { shape: [1, 28, 28], first: async () => shown.x.slice(0, size) },
    answers: async (sha256) => join(folder, sha256.slice(0, 16)),
    environment: {},
    ...more,
  })
  all.push(endpoint)
  return endpoint
}

export const logitsOf = async (endpoint: EndpointModel, rows: number): Promise<Float32Array> =>
  (await (await endpoint.program(forward)).run(rows, { x: shown.x.slice(0, rows * size) })).logits!

/** Log-probabilities as the engine has them. */
export const expectedLogits = async (rows: number): Promise<Float32Array> => {
  const { logits } = await (await served.program(forward)).run(rows, { x: shown.x.slice(0, rows * size) })
  const { classes } = served
  return logits!.map((value, i) => {
    const row = logits!.subarray(Math.floor(i / classes) * classes, (Math.floor(i / classes) + 1) * classes)
    const largest = Math.max(...row)
    return Math.max(
      value - largest - Math.log(row.reduce((sum, x) => sum + Math.exp(x - largest), 0)),
      Math.log(1.1754944e-38),
    )
  })
}
