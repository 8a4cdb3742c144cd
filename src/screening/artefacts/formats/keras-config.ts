import type { Artefact, Place, ScanContext } from '../context.ts'
import { isDangerousImport } from '../pickle/dangerous-imports.ts'
import { isRecord, parseJson, recordsIn } from './json-text.ts'
import {
  dangerousKerasModule,
  dangerousKerasNames,
  dangerousOperatorName,
  kerasClasses,
  kerasModule,
} from './keras-names.ts'

type Serialised = Readonly<Record<string, unknown>>

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

/** Whether a JSON value is the configuration of a Keras model or layer. */
export const isKerasConfig = (value: unknown): boolean =>
  isRecord(value) && typeof value.class_name === 'string' && ('config' in value || 'module' in value)

/** A configuration may hold another as text, which may hold another. */
const mostTexts = 4

/** Looks at every serialised object of a Keras configuration: what it names is imported and called when it is loaded. */
export const scanKerasConfig = (config: unknown, artefact: Artefact, context: ScanContext, depth = 0): void => {
  for (const { record, path } of recordsIn(config)) {
    for (const text of Object.values(record))
      if (typeof text === 'string' && /^\s*[{[]/.test(text) && depth < mostTexts)
        scanKerasConfig(parseJson(text), artefact, context, depth + 1)
    const className = textOf(record.class_name)
    const place = { artefact, item: path === '' ? (className ?? 'model') : path }
    if (className !== undefined) checkObject(record, className, place, context)
    checkMarshalled(record, place, context)
  }
}

const checkObject = (record: Serialised, className: string, place: Place, context: ScanContext): void => {
  const module = textOf(record.module)
  const config = record.config
  const named = className === 'function' ? (textOf(config) ?? textOf(record.registered_name) ?? className) : className
  if (className === 'Lambda' || className === '__lambda__') {
    context.report('keras-lambda', place, 'it is a Lambda: Python code that runs with the model')
    return
  }
  if (className === 'TFOpLambda' || className === 'SlicingOpLambda') {
    checkOperator(config, place, context)
    return
  }
  if (className === 'TFSMLayer')
    context.report('keras-file-reference', place, 'it loads a SavedModel from a path when the model is loaded')
  checkFiles(config, place, context)
  const shown = module === undefined ? named : `${module}.${named}`
  if (dangerousKerasNames.has(named) || (module !== undefined && dangerousKerasModule.test(`${module}.`))) {
    context.report('keras-dangerous-object', place, `it names ${shown}`)
    return
  }
  if (
    module !== undefined &&
    !kerasModule.test(module) &&
    module !== '' &&
    isDangerousImport(module, named) &&
    module !== 'builtins'
  ) {
    context.report('keras-dangerous-object', place, `it names ${shown}`)
    return
  }
  if (isCustom(record, className, module, named) && !context.allows(shown) && !context.allows(named))
    context.report('keras-custom-object', place, `it needs ${shown}, which is not part of Keras`)
}

const isCustom = (record: Serialised, className: string, module: string | undefined, named: string): boolean => {
  const registered = textOf(record.registered_name)
  if (registered?.includes('>')) return !/^(?:keras|builtins)\S*>/.test(registered)
  if (module !== undefined && module !== '' && module !== 'builtins') return !kerasModule.test(module)
  if (className === 'function') return module === 'builtins'
  return module !== 'builtins' && !kerasClasses.has(named)
}

const checkOperator = (config: unknown, place: Place, context: ScanContext): void => {
  const operator = isRecord(config) ? textOf(config.function) : undefined
  if (operator !== undefined && dangerousOperatorName.test(operator))
    context.report('keras-dangerous-object', place, `it calls the TensorFlow function ${operator}`)
}

/** Vocabularies may be given as the path of a file. */
const checkFiles = (config: unknown, place: Place, context: ScanContext): void => {
  if (!isRecord(config)) return
  for (const key of ['vocabulary', 'vocabulary_file', 'filepath', 'sp_model_path']) {
    const path = textOf(config[key])
    if (path !== undefined && path !== '')
      context.report('keras-file-reference', place, `its ${key} is the path "${path.slice(0, 200)}"`)
  }
}

/** Marshalled code objects begin with the type byte 0xe3 or 0x63: in Base64 "4w" or "Yw". */
const marshalled = /^(?:4[w-z]|Y[w-z])[A-Za-z0-9+/\s]{30,}={0,2}\s*$/

const checkMarshalled = (record: Serialised, place: Place, context: ScanContext): void => {
  for (const [key, value] of Object.entries(record)) {
    const code = Array.isArray(value) ? value[0] : value
    if (typeof code === 'string' && /^(?:function|code|output_shape|mask)$/.test(key) && marshalled.test(code))
      context.report('keras-lambda', place, `its ${key} is compiled Python code`)
  }
}
