import type { Content } from '../content.ts'
import { decimalLine, stringAt } from './literals.ts'
import { newMemo } from './memo.ts'
import { type InstructionReader, instructionReader, opcodes as o } from './opcodes.ts'
import { type Bytes, type Import, type Instance, isKind, mark, other, tupleOf, type Value, whole } from './values.ts'

/** What the machine tells while it reads. */
export interface PickleEvents {
  imported(found: Import, at: number): void
  /** REDUCE, NEWOBJ, NEWOBJ_EX, OBJ, INST. */
  called(callee: Value, args: Value, at: number): void
  /** BUILD, SETITEM, APPEND … on an import itself. */
  changed(target: Import, at: number): void
  /** A byte string, or a text that may be one. */
  bytes(literal: Bytes, at: number): void
  /** A code of the extension registry, or an object outside the pickle. */
  outside(kind: 'extension' | 'persistent id', at: number): void
  /** After BUILD on an instance; gives where reading goes on, for formats that put raw data there. */
  built(instance: Instance, position: number): number
}

export interface PickleEnd {
  /** Where the next byte stands. */
  readonly end: number
  /** STOP was reached. */
  readonly stopped: boolean
  /** The first thing that would make an unpickler fail, if any. */
  readonly broken?: string
  readonly instructions: number
}

const largestStack = 4_000_000
const largestMemo = 16_000_000
const mostImports = 100_000

/** Classes whose instances are told apart, for what a loader does with their state. */
const tracked = new Set(['numpy.dtype', 'joblib.numpy_pickle.NumpyArrayWrapper'])

/**
 * Follows the instructions of one pickle from `from` on without running anything (the opcodes of Python's pickletools,
 * protocols 0 to 5). Goes on past what an unpickler would stumble over as far as the instructions can be told apart, so
 * that it rather sees too much; stops after `mostInstructions`. Memory grows with stack and memo only, and both are bounded.
 */
export const followPickle = (
  content: Content,
  from: number,
  events: PickleEvents,
  mostInstructions = Number.POSITIVE_INFINITY,
): PickleEnd => {
  const instruction: InstructionReader = instructionReader(content, from)
  const stack: Value[] = []
  const memo = newMemo()
  const imports = new Map<string, Import>()
  const instances = new Map<Import, Value>()
  let broken: string | undefined
  let count = 0

  const breaks = (why: string): void => {
    broken ??= `${why} at byte ${instruction.at}`
  }
  const pop = (): Value => {
    if (stack.length > 0) return stack.pop()!
    breaks('the stack is empty')
    return other
  }
  const peek = (): Value => {
    if (stack.length > 0) return stack.at(-1)!
    breaks('the stack is empty')
    return other
  }
  const popMark = (): Value[] => {
    const at = stack.lastIndexOf(mark)
    if (at < 0) breaks('there is no mark')
    const items = stack.splice(Math.max(at, 0))
    return at < 0 ? items : items.slice(1)
  }
  const importOf = (module: string | undefined, name: string | undefined): Import => {
    const known = module !== undefined && name !== undefined
    const key = known ? `${module}\n${name}` : ''
    const found = imports.get(key) ?? { kind: 'import', module: known ? module : undefined, name: name ?? '?' }
    if (imports.size < mostImports) imports.set(key, found)
    events.imported(found, instruction.at)
    return found
  }
  const twoLines = (): Import => {
    const { start, end } = instruction
    if (end - start > 8192) return importOf(undefined, undefined)
    const [module, name] = Buffer.from(content.read(start, end - start))
      .toString('utf8')
      .split('\n')
    return importOf(module!.trim(), name!.trim())
  }
  const text = (value: Value): string | undefined => (typeof value === 'number' ? stringAt(content, value) : undefined)
  const instanceOf = (of: Import, args: Value): Value => {
    if (tracked.has(`${of.module}.${of.name}`)) return { kind: 'instance', of, args }
    const known = instances.get(of) ?? { kind: 'instance', of }
    instances.set(of, known)
    return known
  }
  const call = (callee: Value, args: Value): Value => {
    events.called(callee, args, instruction.at)
    if (!isKind(callee, 'import')) return other
    const first = isKind(args, 'tuple') ? args.items[0] : undefined
    return callee.name === '_reconstructor' && isKind(first, 'import')
      ? instanceOf(first, other)
      : instanceOf(callee, args)
  }
  const change = (target: Value): void => {
    if (isKind(target, 'import')) events.changed(target, instruction.at)
  }
  const setItems = (pairs: readonly Value[]): void => {
    const target = peek()
    change(target)
    if (!isKind(target, 'dict') || target.entries.length + pairs.length / 2 > 16) return
    for (let i = 0; i + 1 < pairs.length; i += 2) target.entries.push([pairs[i]!, pairs[i + 1]!])
  }
  const literal = (): void => {
    const { start, end, at } = instruction
    const bytes: Bytes = { kind: 'bytes', start, end }
    events.bytes(bytes, at)
    stack.push(bytes)
  }
  const string = (): void => {
    const { start, end, at } = instruction
    if (end - start >= 8) events.bytes({ kind: 'bytes', start, end }, at)
    stack.push(at)
  }
  const tuple = (length: number): void => {
    const items = Array.from({ length }, pop)
    stack.push(tupleOf(items.reverse()))
  }
  const line = (): number =>
    decimalLine(content.read(instruction.start, Math.min(64, instruction.end - instruction.start)))
  const signed = (value: number): number => (value >= 2 ** 31 ? value - 2 ** 32 : value)
  const shortLong = (): Value => {
    const { start, end } = instruction
    if (end - start > 6) return other
    const bytes = content.read(start, end - start)
    return whole(bytes.reduceRight((sum, byte) => sum * 256 + byte, 0))
  }

  const steps: (() => void)[] = new Array(256).fill(() => stack.push(other))
  const on = (codes: readonly number[], step: () => void): void => {
    for (const code of codes) steps[code] = step
  }
  on([o.PROTO], () => {
    if (instruction.value > 5) breaks(`protocol ${instruction.value}`)
  })
  on([o.FRAME, o.READONLY_BUFFER], () => {})
  on([o.MARK], () => stack.push(mark))
  on([o.POP], pop)
  on([o.POP_MARK], popMark)
  on([o.DUP], () => stack.push(peek()))
  on([o.BININT], () => stack.push(whole(signed(instruction.value))))
  on([o.BININT1, o.BININT2], () => stack.push(whole(instruction.value)))
  on([o.INT, o.LONG], () => stack.push(whole(line())))
  on([o.LONG1, o.LONG4], () => stack.push(shortLong()))
  on([o.STRING, o.UNICODE, o.BINSTRING, o.SHORT_BINSTRING], string)
  on([o.BINUNICODE, o.SHORT_BINUNICODE, o.BINUNICODE8], string)
  on([o.BINBYTES, o.SHORT_BINBYTES, o.BINBYTES8, o.BYTEARRAY8], literal)
  on([o.PERSID], () => {
    events.outside('persistent id', instruction.at)
    stack.push(other)
  })
  on([o.BINPERSID], () => {
    events.outside('persistent id', instruction.at)
    pop()
    stack.push(other)
  })
  on([o.EXT1, o.EXT2, o.EXT4], () => {
    events.outside('extension', instruction.at)
    stack.push(other)
  })
  on([o.GLOBAL], () => stack.push(twoLines()))
  on([o.STACK_GLOBAL], () => {
    const name = pop()
    const module = pop()
    stack.push(importOf(text(module), text(name)))
  })
  on([o.INST], () => {
    const callee = twoLines()
    stack.push(call(callee, tupleOf(popMark())))
  })
  on([o.OBJ], () => {
    const [callee = other, ...args] = popMark()
    stack.push(call(callee, tupleOf(args)))
  })
  on([o.REDUCE, o.NEWOBJ], () => {
    const args = pop()
    stack.push(call(pop(), args))
  })
  on([o.NEWOBJ_EX], () => {
    pop()
    const args = pop()
    stack.push(call(pop(), args))
  })
  on([o.BUILD], () => {
    const state = pop()
    const target = peek()
    change(target)
    if (!isKind(target, 'instance')) return
    if (target.args !== undefined) target.state = state
    instruction.position = events.built(target, instruction.position)
  })
  on([o.EMPTY_DICT], () => stack.push({ kind: 'dict', entries: [] }))
  on([o.DICT], () => {
    const pairs = popMark()
    stack.push({ kind: 'dict', entries: [] })
    setItems(pairs)
  })
  on([o.SETITEM], () => {
    const value = pop()
    setItems([pop(), value])
  })
  on([o.SETITEMS], () => setItems(popMark()))
  on([o.APPEND], () => {
    pop()
    change(peek())
  })
  on([o.APPENDS, o.ADDITEMS], () => {
    popMark()
    change(peek())
  })
  on([o.LIST, o.FROZENSET], () => {
    popMark()
    stack.push(other)
  })
  on([o.TUPLE], () => stack.push(tupleOf(popMark())))
  on([o.EMPTY_TUPLE], () => tuple(0))
  on([o.TUPLE1], () => tuple(1))
  on([o.TUPLE2], () => tuple(2))
  on([o.TUPLE3], () => tuple(3))
  on([o.PUT], () => memo.set(line(), peek()))
  on([o.BINPUT, o.LONG_BINPUT], () => memo.set(instruction.value, peek()))
  on([o.MEMOIZE], () => memo.append(peek()))
  on([o.GET], () => stack.push(memo.get(line())))
  on([o.BINGET, o.LONG_BINGET], () => stack.push(memo.get(instruction.value)))

  const ended = (stopped: boolean): PickleEnd => ({
    end: stopped ? instruction.position : instruction.at,
    stopped,
    ...(broken && { broken }),
    instructions: count,
  })
  while (instruction.next()) {
    count++
    if (instruction.op === o.STOP) {
      if (stack.length === 0) breaks('nothing is left to give')
      return ended(true)
    }
    steps[instruction.op]!()
    if (count >= mostInstructions) {
      broken = 'it is longer than was asked for'
      return ended(false)
    }
    if (stack.length > largestStack || memo.size > largestMemo) {
      broken = `the pickle needs more memory than a scan allows, from byte ${instruction.at} on`
      return ended(false)
    }
  }
  const { op, at } = instruction
  breaks(
    op < 0 || at >= content.size ? 'the pickle has no end' : `byte 0x${op.toString(16)} begins no whole instruction`,
  )
  return ended(false)
}
