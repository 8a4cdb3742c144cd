import { BartizanError } from '../../base/errors.ts'
import { nearest } from '../../base/registry.ts'
import type { Layer } from './layer.ts'
import { layerArguments } from './layer-arguments.ts'
import { layerKindsByName } from './layers/index.ts'
import { presets } from './presets.ts'
import { refusedWord, type Word, wordsOf } from './words.ts'

/** Blocks within blocks: enough for any network, few enough for the stack. */
const deepest = 32

/**
 * The layers of an architecture: the name of a preset, or layers parted by commas,
 * `conv 16 5x5, relu, maxpool 2, residual [ conv 16, relu ], dense 10`. Throws CONFIG_INVALID that names the word, the
 * character it starts at, and the known layer nearest to it.
 */
export const parseArchitecture = (text: string): readonly Layer[] => {
  const name = text.trim()
  const words = wordsOf(Object.hasOwn(presets, name) ? presets[name]! : text)
  const { layers, end } = parseList(words, 0, undefined, 0)
  const left = words[end]
  if (left) throw refusedWord(left, 'nothing is open that it could close')
  return layers
}

interface Parsed {
  readonly layers: readonly Layer[]
  /** Index of the first word that was not read. */
  readonly end: number
}

const parseList = (words: readonly Word[], from: number, opened: Word | undefined, depth: number): Parsed => {
  if (opened && depth > deepest) throw refusedWord(opened, `blocks are nested more than ${deepest} deep`)
  const layers: Layer[] = []
  let at = from
  for (;;) {
    const { layer, end } = parseLayer(words, at, depth)
    layers.push(layer)
    at = end
    if (words[at]?.text !== ',') break
    at++
  }
  if (!opened) return { layers, end: at }
  if (words[at]?.text !== ']') throw refusedWord(opened, 'it is not closed')
  return { layers, end: at + 1 }
}

const parseLayer = (
  words: readonly Word[],
  from: number,
  depth: number,
): { readonly layer: Layer; readonly end: number } => {
  const name = words[from]
  if (!name) throw missing(words)
  if (isMark(name)) throw refusedWord(name, 'a layer should stand before it')
  const kind = layerKindsByName.get(name.text)
  if (!kind) throw unknownLayer(name)
  let end = from + 1
  while (words[end] && !isMark(words[end]!)) end++
  const args = layerArguments(name, words.slice(from + 1, end), kind.usage, kind.options ?? [])
  const opened = words[end]?.text === '[' ? words[end] : undefined
  if (kind.body && !opened) throw refusedWord(name, 'layers in brackets should follow', `write ${kind.usage}`)
  if (!kind.body && opened) throw refusedWord(opened, `${name.text} takes no layers`, `write ${kind.usage}`)
  const body = opened ? parseList(words, end + 1, opened, depth + 1) : { layers: [], end }
  const build = kind.read(args, body.layers)
  args.finish()
  return { layer: { name: [kind.name].flat()[0]!, at: name.at, build }, end: body.end }
}

const isMark = ({ text }: Word): boolean => text === ',' || text === '[' || text === ']'

const missing = (words: readonly Word[]): BartizanError => {
  const last = words.at(-1)
  return last
    ? refusedWord(last, 'a layer should follow')
    : new BartizanError('CONFIG_INVALID', 'the architecture is empty', {
        hint: `write layers, or the name of a preset: ${Object.keys(presets).join(', ')}`,
      })
}

const unknownLayer = (word: Word): BartizanError => {
  if (/^(log)?softmax$/i.test(word.text))
    return refusedWord(word, 'the output is logits: the loss takes their softmax', 'leave it out')
  const guess = nearest(word.text, [...layerKindsByName.keys(), ...Object.keys(presets)])
  const known = `layers are ${[...layerKindsByName.keys()].join(', ')}; presets are ${Object.keys(presets).join(', ')}`
  return refusedWord(word, 'there is no such layer', guess ? `did you mean "${guess}"?` : known)
}
