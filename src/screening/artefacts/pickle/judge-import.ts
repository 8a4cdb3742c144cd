import type { RuleId } from '../rules.ts'
import { canonicalModule, isDangerousImport } from './dangerous-imports.ts'
import { isOrdinaryImport } from './ordinary-imports.ts'
import { type Bytes, type Import, isKind, qualifiedName, type Value } from './values.ts'

export interface Judgement {
  readonly rule: RuleId
  readonly message: string
}

export interface JudgeOptions {
  readonly allows: (name: string) => boolean
  /** In TorchScript the names of the model's own code are no Python modules. */
  readonly torchscript: boolean
}

/** What an import means, by its names alone; undefined where it is ordinary. */
export const judgeImport = (found: Import, { allows, torchscript }: JudgeOptions): Judgement | undefined => {
  if (found.module === undefined)
    return { rule: 'pickle-unresolved-import', message: 'the name of an import is computed or longer than any name' }
  const module = canonicalModule(found.module)
  const { name } = found
  const shown = qualifiedName(found)
  if (isOrdinaryImport(module, name)) return undefined
  if (isConditional(module, name)) return undefined
  if (isDangerousImport(module, name)) return { rule: 'pickle-dangerous-import', message: `it imports ${shown}` }
  if (name.split('.').some((part) => /^__\w+__$/.test(part)))
    return {
      rule: 'pickle-attribute-chain',
      message: `it imports ${shown}, which reaches into Python’s own attributes`,
    }
  if (allows(shown) || allows(`${module}.${name}`)) return undefined
  if (torchscript && (module === '__torch__' || module.startsWith('__torch__.'))) return undefined
  if (!/^\w+(?:\.\w+)*$/.test(module) || !/^\w+(?:\.\w+)*$/.test(name))
    return { rule: 'pickle-unresolved-import', message: `it imports ${shown}, which is no name of Python` }
  return { rule: 'pickle-unknown-import', message: `it imports ${shown}` }
}

/** Callables that are ordinary with some arguments and a way to run code with others: judged where they are called. */
const conditional: Readonly<
  Record<string, (args: readonly Value[], text: (value: Value) => string | undefined) => boolean>
> = {
  // Fetches any attribute of any module; ordinary for NumPy's own universal functions.
  'numpy.core._ufunc_reconstruct': (args, text) => isUfunc(args.map(text)),
  'numpy._core._ufunc_reconstruct': (args, text) => isUfunc(args.map(text)),
  // Loads the tensor file that its argument holds, which is then inspected like any other.
  'torch.storage._load_from_bytes': ([bytes]) => isKind(bytes, 'bytes'),
  // NoneType and the like.
  'builtins.type': (args) => args.length === 1,
}

const isConditional = (module: string, name: string): boolean => Object.hasOwn(conditional, `${module}.${name}`)

const isUfunc = ([module, name, ...more]: readonly (string | undefined)[]): boolean =>
  more.length === 0 &&
  /^numpy(?:\.(?:core|_core)\._multiarray_umath|\.(?:core|_core)\.umath)?$/.test(module ?? '') &&
  /^(?:abs|absolute|add|arc\w+|cbrt|ceil|cos|cosh|deg2rad|divide|exp|exp2|expm1|fabs|floor|hypot|log|log10|log1p|log2|logaddexp|maximum|minimum|multiply|negative|positive|power|rad2deg|radians|reciprocal|rint|sign|sin|sinh|sqrt|square|subtract|tan|tanh|true_divide|trunc)$/.test(
    name ?? '',
  )

/** What a call means, for callables that depend on their arguments; undefined where it is ordinary. */
export const judgeCall = (
  callee: Value,
  args: Value,
  text: (value: Value) => string | undefined,
): Judgement | undefined => {
  if (!isKind(callee, 'import') || callee.module === undefined) return undefined
  const name = `${canonicalModule(callee.module)}.${callee.name}`
  const isOrdinary = Object.hasOwn(conditional, name) ? conditional[name] : undefined
  if (isOrdinary === undefined || (isKind(args, 'tuple') && isOrdinary(args.items, text))) return undefined
  return {
    rule: 'pickle-dangerous-import',
    message: `it calls ${qualifiedName(callee)} with arguments that are not ordinary`,
  }
}

/** Whether a byte string is loaded by what it is given to. */
export const loadsBytes = (callee: Value, args: Value): Bytes | undefined =>
  isKind(callee, 'import') &&
  callee.name === '_load_from_bytes' &&
  isKind(args, 'tuple') &&
  isKind(args.items[0], 'bytes')
    ? args.items[0]
    : undefined
