import type { Artefact, ScanContext } from '../context.ts'
import { parseJson } from './json-text.ts'
import { isKerasConfig, scanKerasConfig } from './keras-config.ts'
import { type Field, type ProtobufReader, protobufReader } from './protobuf.ts'
import { dangerousOps, fileOps } from './tensorflow-ops.ts'
import { tensorflowOps } from './tensorflow-registry.ts'

const only = function* (reader: ProtobufReader, { start, end }: Field, id: number): Generator<Field> {
  for (const field of reader.fields(start, end)) if (field.id === id && field.wire === 2) yield field
}

const rootOf = (reader: ProtobufReader): Field => ({ id: 0, wire: 2, start: 0, end: reader.size, value: 0 })

/** Every text within a small message. Used for attributes, whose values may lie at several depths. */
const textsIn = (reader: ProtobufReader, field: Field, depth = 0): readonly string[] => {
  if (depth > 4 || field.end - field.start > 65_536) return []
  const texts: string[] = [reader.text(field)]
  try {
    for (const inner of reader.fields(field.start, field.end))
      if (inner.wire === 2) texts.push(...textsIn(reader, inner, depth + 1))
  } catch {
    // Not every text is a message.
  }
  return texts
}

/** Print writes to a file where it is told so; debug operators send tensors to an address. */
const writesElsewhere = (op: string, attributes: readonly string[]): string | undefined => {
  if (!/^(?:Print|PrintV2|Debug\w*)$/.test(op)) return undefined
  return attributes.find((text) => /^(?:file|grpc|https?|gs|s3):\/\//.test(text))
}

/** One graph: `known` holds the operators that are reported already, and the functions that the graph brings along. */
interface Walk {
  readonly reader: ProtobufReader
  readonly artefact: Artefact
  readonly context: ScanContext
  readonly known: Set<string>
}

/** NodeDef: 1 name, 2 op, 5 attributes. */
const checkNode = ({ reader, artefact, context, known }: Walk, node: Field): void => {
  let name = ''
  let op = ''
  const attributes: Field[] = []
  for (const field of reader.fields(node.start, node.end)) {
    if (field.wire !== 2) continue
    if (field.id === 1) name = reader.text(field).slice(0, 80)
    else if (field.id === 2) op = reader.text(field).slice(0, 80)
    else if (field.id === 5) attributes.push(field)
  }
  const place = { artefact, item: name }
  if (dangerousOps.has(op)) context.report('savedmodel-dangerous-op', place, `its operator is ${op}`)
  else if (fileOps.has(op)) context.report('savedmodel-file-access', place, `its operator is ${op}`)
  else if (/^(?:Print|Debug)/.test(op)) {
    const target = writesElsewhere(
      op,
      attributes.flatMap((field) => textsIn(reader, field)),
    )
    if (target !== undefined)
      context.report('savedmodel-dangerous-op', place, `its operator ${op} writes to "${target.slice(0, 200)}"`)
  } else if (!tensorflowOps.has(op) && !known.has(op) && !context.allows(`tf.${op}`)) {
    known.add(op)
    context.report('savedmodel-custom-operator', place, `its operator is ${op}, which is not TensorFlow’s own`)
  }
}

/** GraphDef: 1 nodes, 2 library of functions (1: FunctionDef, of it 1: signature with 1: name, 3: nodes). */
const checkGraph = (reader: ProtobufReader, graph: Field, artefact: Artefact, context: ScanContext): void => {
  const definitions = [...only(reader, graph, 2)].flatMap((library) => [...only(reader, library, 1)])
  const names = definitions
    .flatMap((definition) => [...only(reader, definition, 1)])
    .flatMap((signature) => [...only(reader, signature, 1)])
  const walk = { reader, artefact, context, known: new Set(names.map(reader.text)) }
  for (const node of only(reader, graph, 1)) checkNode(walk, node)
  for (const definition of definitions) for (const node of only(reader, definition, 3)) checkNode(walk, node)
}

/** SavedModel: 2 meta graphs, of each 2: GraphDef, 7: object graph, which holds configurations of Keras as JSON. */
export const scanSavedModel = (artefact: Artefact, context: ScanContext): void => {
  const reader = protobufReader(artefact.content)
  for (const meta of only(reader, rootOf(reader), 2))
    for (const field of reader.fields(meta.start, meta.end)) {
      if (field.wire !== 2) continue
      if (field.id === 2) checkGraph(reader, field, artefact, context)
      else if (field.id === 7) checkKerasMetadata(reader, field, artefact, context, 0)
    }
}

/** A frozen TensorFlow graph: a GraphDef by itself. */
export const scanGraph = (artefact: Artefact, context: ScanContext): void => {
  const reader = protobufReader(artefact.content)
  checkGraph(reader, rootOf(reader), artefact, context)
}

/** keras_metadata.pb, beside older SavedModels: JSON within nested messages. */
export const scanKerasMetadata = (artefact: Artefact, context: ScanContext): void => {
  const reader = protobufReader(artefact.content)
  checkKerasMetadata(reader, rootOf(reader), artefact, context, 0)
}

const checkKerasMetadata = (
  reader: ProtobufReader,
  message: Field,
  artefact: Artefact,
  context: ScanContext,
  depth: number,
): void => {
  if (depth > 6) return
  try {
    for (const field of reader.fields(message.start, message.end)) {
      if (field.wire !== 2) continue
      const size = field.end - field.start
      const text = size > 1 && size < 4 * 2 ** 20 ? reader.text(field) : ''
      const value = text.startsWith('{') ? parseJson(text) : undefined
      if (value === undefined) checkKerasMetadata(reader, field, artefact, context, depth + 1)
      else if (isKerasConfig(value)) scanKerasConfig(value, artefact, context)
    }
  } catch {
    // Texts and packed numbers are no messages.
  }
}
