import { BinaryReader } from '@bufbuild/protobuf/wire'
import { BartizanError, isBartizanError } from '../base/errors.ts'
import { type ReadExternal, refuseExternal } from './external.ts'
import { type Context, decodeAttribute, decodeGraph, decodeNode } from './read-graph.ts'
import { corrupt, decodeEntry, fields, int64, nested } from './read-wire.ts'
import type { Attribute, Graph, LocalFunction, Model, Node } from './types.ts'

export interface ReadOptions {
  /** How to reach weights that lie outside the file; refused where not given. */
  readonly external?: ReadExternal
}

/**
 * Reads an ONNX ModelProto (onnx.proto3). Sizes are checked against the bytes there are before anything is allocated,
 * weights outside the file are reached only through `external`.
 * Throws MODEL_CORRUPT where the bytes are no ONNX model, MODEL_UNSUPPORTED for sparse weights and non-tensor values.
 */
export const readModel = (bytes: Uint8Array, { external = refuseExternal }: ReadOptions = {}): Model => {
  try {
    const model = decodeModel(new BinaryReader(bytes), bytes.length, { external, depth: 0 })
    if (model.irVersion < 1 || Object.keys(model.opsets).length === 0)
      throw corrupt('there is no IR version or no operator set in it')
    if (model.graph.outputs.length === 0) throw corrupt('its graph has no outputs')
    return model
  } catch (error) {
    if (isBartizanError(error)) throw error
    throw new BartizanError('MODEL_CORRUPT', `this is no ONNX model: ${(error as Error).message}`, {
      hint: 'the file may be truncated or of another format; export it again',
      cause: error,
    })
  }
}

const decodeModel = (r: BinaryReader, end: number, context: Context): Model => {
  let graph: Graph | undefined
  const opsets: Record<string, number> = {}
  const metadata: Record<string, string> = {}
  const functions: LocalFunction[] = []
  const model = { irVersion: 0, producerName: '', producerVersion: '', domain: '', modelVersion: 0, docString: '' }
  fields(r, end, {
    1: () => (model.irVersion = int64(r)),
    2: () => (model.producerName = r.string()),
    3: () => (model.producerVersion = r.string()),
    4: () => (model.domain = r.string()),
    5: () => (model.modelVersion = int64(r)),
    6: () => (model.docString = r.string()),
    7: () => (graph = nested(r, (r, end) => decodeGraph(r, end, context))),
    8: () => nested(r, (r, end) => decodeOpset(r, end, opsets)),
    14: () => nested(r, (r, end) => decodeEntry(r, end, metadata)),
    25: () => functions.push(nested(r, (r, end) => decodeFunction(r, end, context))),
  })
  if (!graph) throw corrupt('it has no graph')
  return { ...model, opsets, metadata, graph, functions }
}

const decodeFunction = (r: BinaryReader, end: number, context: Context): LocalFunction => {
  const names = { name: '', domain: '' }
  const inputs: string[] = []
  const outputs: string[] = []
  const attributes: string[] = []
  const attributeDefaults: Record<string, Attribute> = {}
  const opsets: Record<string, number> = {}
  const nodes: Node[] = []
  fields(r, end, {
    1: () => (names.name = r.string()),
    4: () => inputs.push(r.string()),
    5: () => outputs.push(r.string()),
    6: () => attributes.push(r.string()),
    7: () => nodes.push(nested(r, (r, end) => decodeNode(r, end, context))),
    9: () => nested(r, (r, end) => decodeOpset(r, end, opsets)),
    10: () => (names.domain = r.string()),
    11: () => nested(r, (r, end) => decodeAttribute(r, end, context, attributeDefaults)),
  })
  return { ...names, inputs, outputs, attributes, attributeDefaults, opsets, nodes }
}

const decodeOpset = (r: BinaryReader, end: number, opsets: Record<string, number>): void => {
  let domain = ''
  let version = 1
  fields(r, end, { 1: () => (domain = r.string()), 2: () => (version = int64(r)) })
  opsets[domain === 'ai.onnx' ? '' : domain] = version
}
