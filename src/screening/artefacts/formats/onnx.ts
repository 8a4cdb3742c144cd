import { lstatSync, realpathSync, statSync } from 'node:fs'
import { isAbsolute, join, resolve, sep } from 'node:path'
import { damaged } from '../content.ts'
import type { Artefact, ScanContext } from '../context.ts'
import { limits } from '../limits.ts'
import { type Field, type ProtobufReader, protobufReader } from './protobuf.ts'
import { codeIn } from './suspicious-text.ts'

/** Operator domains that ONNX and ONNX Runtime bring along. */
const known = new Set([
  '',
  'ai.onnx',
  'ai.onnx.ml',
  'ai.onnx.training',
  'ai.onnx.preview.training',
  'ai.onnx.preview',
  'com.microsoft',
  'com.microsoft.nchwc',
  'com.microsoft.experimental',
  'com.ms.internal.nhwc',
  'com.ms.internal.nhwc.v2',
])
const runsPython = new Set(['PyOp', 'PythonOp', 'PythonOpGrad', 'PyCustomOp', 'PyCustomOpDef'])

interface Walk {
  readonly reader: ProtobufReader
  readonly artefact: Artefact
  readonly context: ScanContext
  /** "domain operator" of functions that the model brings along. */
  readonly local: ReadonlySet<string>
  readonly reported: Set<string>
}

const textField = (reader: ProtobufReader, message: Field, id: number): string => {
  let text = ''
  for (const field of reader.fields(message.start, message.end))
    if (field.id === id && field.wire === 2) text = reader.text(field)
  return text
}

const entryOf = (reader: ProtobufReader, entry: Field): readonly [string, string] => [
  textField(reader, entry, 1),
  textField(reader, entry, 2),
]

/** Why a location leads outside the folder; undefined where it doesn't. */
const leadsOutside = (location: string, folder: string): string | undefined => {
  if (isAbsolute(location) || /^[A-Za-z]:|^\\/.test(location)) return 'that is an absolute path'
  if (/^\w+:\/\//.test(location)) return 'that is an address'
  // ONNX Runtime takes it for a tensor in memory, at the address that the offset gives.
  if (location.includes('_ORT_MEM_ADDR_')) return 'that is an address in the memory of ONNX Runtime'
  if (location.includes('\0')) return 'that holds a zero byte'
  if (location.split(/[\\/]/).includes('..')) return 'that leads upward'
  const path = resolve(folder, location)
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return undefined
  try {
    return realpathSync(path).startsWith(realpathSync(folder) + sep) ? undefined : 'a link leads outside the folder'
  } catch {
    return 'a link leads nowhere'
  }
}

/** TensorProto: 8 name, 13 external data. */
const checkTensor = ({ reader, artefact, context, reported }: Walk, tensor: Field): void => {
  const external: Record<string, string> = Object.create(null)
  let name = ''
  for (const field of reader.fields(tensor.start, tensor.end)) {
    if (field.id === 8 && field.wire === 2) name = reader.text(field).slice(0, 80)
    if (field.id !== 13 || field.wire !== 2) continue
    const [key, value] = entryOf(reader, field)
    external[key] = value
  }
  const location = external.location
  if (location === undefined || reported.has(location)) return
  reported.add(location)
  const place = { artefact, item: name }
  const why = leadsOutside(location, context.folder)
  if (why !== undefined) {
    context.report('onnx-external-path', place, `it takes its data from "${location.slice(0, 200)}": ${why}`)
    return
  }
  if (artefact.trail.length > 0) return
  const stats = statSync(join(context.folder, location), { throwIfNoEntry: false })
  const end = Number(external.offset ?? 0) + Number(external.length ?? 0)
  if (!stats?.isFile()) context.report('onnx-external-missing', place, `there is no file "${location.slice(0, 200)}"`)
  else if (!(end <= stats.size))
    context.report(
      'onnx-external-missing',
      place,
      `"${location.slice(0, 200)}" has ${stats.size} bytes, ${end} are needed`,
    )
}

/** NodeProto: 3 name, 4 operator, 5 attributes, 7 domain. */
const checkNode = (walk: Walk, node: Field, depth: number): void => {
  const { reader, artefact, context, local, reported } = walk
  let [name, op, domain] = ['', '', '']
  for (const field of reader.fields(node.start, node.end)) {
    if (field.wire !== 2) continue
    if (field.id === 3) name = reader.text(field).slice(0, 80)
    else if (field.id === 4) op = reader.text(field).slice(0, 80)
    else if (field.id === 7) domain = reader.text(field).slice(0, 80)
    else if (field.id === 5) checkAttribute(walk, field, depth)
  }
  const shown = domain === '' ? op : `${domain}::${op}`
  const place = { artefact, item: name || op }
  if (runsPython.has(op) || /^(?:ai\.onnx\.contrib\.py|com\.microsoft\.python)/i.test(domain))
    context.report('onnx-python-operator', place, `its operator is ${shown}`)
  else if (
    !known.has(domain) &&
    !local.has(`${domain} ${op}`) &&
    !reported.has(shown) &&
    !context.allows(`${domain}.${op}`)
  ) {
    reported.add(shown)
    context.report('onnx-custom-operator', place, `its operator is ${shown}`)
  }
}

/** AttributeProto: 5 tensor, 6 graph, 10 tensors, 11 graphs, 22 and 23 sparse tensors. */
const checkAttribute = (walk: Walk, attribute: Field, depth: number): void => {
  for (const field of walk.reader.fields(attribute.start, attribute.end)) {
    if (field.wire !== 2) continue
    if (field.id === 5 || field.id === 10) checkTensor(walk, field)
    else if (field.id === 6 || field.id === 11) checkGraph(walk, field, depth + 1)
    else if (field.id === 22 || field.id === 23) checkSparse(walk, field)
  }
}

const checkSparse = (walk: Walk, sparse: Field): void => {
  for (const field of walk.reader.fields(sparse.start, sparse.end))
    if (field.wire === 2 && (field.id === 1 || field.id === 2)) checkTensor(walk, field)
}

/** GraphProto: 1 nodes, 5 initializers, 15 sparse initializers. */
const checkGraph = (walk: Walk, graph: Field, depth: number): void => {
  if (depth > limits.protobufDepth) throw damaged('its graphs nest too deep')
  for (const field of walk.reader.fields(graph.start, graph.end)) {
    if (field.wire !== 2) continue
    if (field.id === 1) checkNode(walk, field, depth)
    else if (field.id === 5) checkTensor(walk, field)
    else if (field.id === 15) checkSparse(walk, field)
  }
}

/**
 * Walks an ONNX ModelProto (7 graph, 14 metadata, 20 training, 25 functions): operators of foreign domains, weights
 * outside the folder, and metadata. Weights are stepped over.
 */
export const scanOnnx = (artefact: Artefact, context: ScanContext): void => {
  const reader = protobufReader(artefact.content)
  const top = [...reader.fields(0, reader.size)].filter(({ wire }) => wire === 2)
  const functions = top.filter(({ id }) => id === 25)
  const local = new Set(functions.map((one) => `${textField(reader, one, 10)} ${textField(reader, one, 1)}`))
  const walk: Walk = { reader, artefact, context, local, reported: new Set() }
  for (const field of top) {
    if (field.id === 7) checkGraph(walk, field, 0)
    if (field.id === 25)
      for (const inner of reader.fields(field.start, field.end)) {
        if (inner.id === 7 && inner.wire === 2) checkNode(walk, inner, 0)
        if (inner.id === 11 && inner.wire === 2) checkAttribute(walk, inner, 0)
      }
    if (field.id === 20)
      for (const inner of reader.fields(field.start, field.end))
        if (inner.wire === 2 && inner.id <= 2) checkGraph(walk, inner, 1)
    if (field.id === 14) {
      const [key, value] = entryOf(reader, field)
      const why = codeIn(value)
      if (why !== undefined) context.report('suspicious-metadata', { artefact, item: key.slice(0, 80) }, why)
    }
  }
}
