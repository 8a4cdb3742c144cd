import { isObject, member, nested } from './answer-json.ts'
import { type MakeProtocol, type Metadata, withPath } from './protocol.ts'

/** TensorFlow Serving's REST interface, `predict`: https://www.tensorflow.org/tfx/serving/api_rest. */
export const tensorflowServing: MakeProtocol = (config, url, _columns) => {
  const model = url.pathname.replace(/\/+$/, '').replace(/:predict$/, '')
  const signature = config.signature ?? 'serving_default'
  const columnar = config.layout === 'columnar'
  const one = (found: unknown): unknown =>
    config.output !== undefined ? member(found, config.output) : onlyMember(found)
  return {
    url: withPath(url, `${model}:predict`),
    about: withPath(url, `${model}/metadata`),
    place: `${columnar ? '/outputs' : '/predictions'}${config.output === undefined ? '' : ` ("${config.output}")`}`,
    readMetadata: (answer): Metadata => {
      const path = ['metadata', 'signature_def', 'signature_def', signature]
      const definition = path.reduce(member, answer)
      const spec = member(answer, 'model_spec')
      const [name, version] = [member(spec, 'name'), member(spec, 'version')]
      const input = tensor(member(definition, 'inputs'), config.input)
      const output = tensor(member(definition, 'outputs'), config.output)
      return {
        ...(typeof name === 'string' && { name }),
        ...(typeof version === 'string' && { version }),
        ...(input && { input }),
        ...(output && { output }),
      }
    },
    body: ({ values, rows, dims }) => {
      const all = nested(values, [rows, ...dims])
      const { input } = config
      const named = (value: unknown): unknown => (input === undefined ? value : { [input]: value })
      return {
        ...(config.signature !== undefined && { signature_name: config.signature }),
        ...(columnar ? { inputs: named(all) } : { instances: (all as readonly unknown[]).map(named) }),
      }
    },
    items: (answer) => {
      const found = member(answer, columnar ? 'outputs' : 'predictions')
      const list = columnar && isObject(found) ? one(found) : found
      if (!Array.isArray(list)) return undefined
      // A row is an object where the model has several outputs.
      return columnar
        ? list
        : list.map((item: unknown) => (config.output !== undefined && isObject(item) ? one(item) : item))
    },
  }
}

/** The only member of an object; undefined where there are several. */
const onlyMember = (found: unknown): unknown => {
  const members = isObject(found) ? Object.values(found) : []
  return members.length === 1 ? members[0] : undefined
}

const tensor = (tensors: unknown, wanted: string | undefined) => {
  if (!isObject(tensors)) return undefined
  const entries = Object.entries(tensors)
  const [name, found] = entries.find(([key]) => key === wanted) ?? (entries.length === 1 ? entries[0]! : [])
  if (name === undefined) return undefined
  const dims = member(member(found, 'tensor_shape'), 'dim')
  const size = (dim: unknown): number | undefined => {
    const written = Number(member(dim, 'size'))
    return written > 0 ? written : undefined
  }
  return { name, ...(Array.isArray(dims) && { dims: dims.slice(1).map(size) }) }
}
