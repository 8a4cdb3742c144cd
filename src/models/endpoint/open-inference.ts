import { BartizanError } from '../../base/errors.ts'
import { flattened, member } from './answer-json.ts'
import { inRows, type MakeProtocol, type Metadata, withPath } from './protocol.ts'

const floats = new Set(['FP16', 'FP32', 'FP64'])

/**
 * Open Inference Protocol v2 over HTTP, as KServe, Triton, MLServer and others speak it:
 * https://github.com/kserve/open-inference-protocol (inference_rest.md).
 */
export const openInference: MakeProtocol = (config, url, _columns) => {
  const model = url.pathname.replace(/\/+$/, '').replace(/\/infer$/, '')
  const wanted = (outputs: readonly unknown[]): unknown => {
    const name = (output: unknown) => String(member(output, 'name'))
    if (config.output !== undefined) return outputs.find((output) => name(output) === config.output)
    const isText = (output: unknown) => member(output, 'datatype') === 'BYTES'
    const numeric = outputs.filter((output) => !isText(output))
    return config.gives === 'labels'
      ? (outputs.find((output) => /label|class/i.test(name(output))) ?? outputs[0])
      : (numeric.find((output) => /prob|logit|score/i.test(name(output))) ?? numeric[0])
  }
  return {
    url: withPath(url, `${model}/infer`),
    about: withPath(url, model),
    place: config.output === undefined ? 'an output' : `the output "${config.output}"`,
    readMetadata: (answer): Metadata => {
      const list = (key: string): readonly unknown[] => {
        const found = member(answer, key)
        return Array.isArray(found) ? found : []
      }
      const inputs = list('inputs')
      const input = inputs.find((found) => config.input === undefined || member(found, 'name') === config.input)
      if (inputs.length > 1 && config.input === undefined)
        throw new BartizanError(
          'MODEL_UNSUPPORTED',
          `the endpoint's model has ${inputs.length} inputs; one is supported`,
        )
      const output = wanted(list('outputs'))
      const [name, versions] = [member(answer, 'name'), member(answer, 'versions')]
      return {
        ...(typeof name === 'string' && { name }),
        ...(Array.isArray(versions) && versions.length > 0 && { version: versions.join(', ') }),
        ...(input !== undefined && { input: { ...described(input), datatype: String(member(input, 'datatype')) } }),
        ...(output !== undefined && { output: described(output) }),
      }
    },
    body: ({ values, rows, dims }, { input, output }) => {
      const datatype = input?.datatype ?? 'FP32'
      if (!floats.has(datatype))
        throw new BartizanError('MODEL_UNSUPPORTED', `the endpoint's input holds ${datatype}; attacks change floats`)
      const name = config.input ?? input?.name ?? 'input'
      const output0 = config.output ?? output?.name
      return {
        inputs: [{ name, shape: [rows, ...dims], datatype, data: [...values] }],
        ...(output0 !== undefined && { outputs: [{ name: output0 }] }),
      }
    },
    items: (answer, rows) => {
      const outputs = member(answer, 'outputs')
      if (!Array.isArray(outputs)) return undefined
      const found = wanted(outputs)
      const shape = member(found, 'shape')
      if (Array.isArray(shape) && Number(shape[0]) !== rows) return undefined
      return found === undefined ? undefined : inRows(flattened(member(found, 'data')), rows)
    },
  }
}

const described = (tensor: unknown) => {
  const shape = member(tensor, 'shape')
  return {
    name: String(member(tensor, 'name')),
    // Sizes are numbers; -1 is open. The first is the batch.
    ...(Array.isArray(shape) && {
      dims: shape.slice(1).map((size: unknown) => (Number(size) > 0 ? Number(size) : undefined)),
    }),
  }
}
