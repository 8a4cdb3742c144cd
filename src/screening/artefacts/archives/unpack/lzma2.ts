import { damaged } from '../../content.ts'
import type { Input } from './input.ts'
import { lzmaDecoderOf, parametersOf } from './lzma.ts'
import type { Output } from './output.ts'

/** Two bytes, most significant first, and one more. */
const sizeOf = (input: Input): number => input.byte() * 256 + input.byte() + 1

/**
 * LZMA2: chunks, each stored or packed, which say whether dictionary, state and parameters begin anew (xz file format
 * 1.2.1, 5.3.1). Throws DATA_CORRUPT.
 */
export const readLzma2 = (input: Input, output: Output): void => {
  const decoder = lzmaDecoderOf(input, output, parametersOf(0))
  let needs: 'dictionary' | 'parameters' | 'nothing' = 'dictionary'
  for (;;) {
    const control = input.byte()
    if (control === 0) return
    if (control === 1 || control >= 0xe0) {
      decoder.startDictionary()
      needs = 'parameters'
    } else if (needs === 'dictionary') throw damaged('its first chunk keeps a dictionary that it has not')
    if (control < 0x80) {
      if (control > 2) throw damaged(`a chunk is of the kind ${control}`)
      output.append(input.take(sizeOf(input)))
      continue
    }
    const size = (control & 0x1f) * 65_536 + sizeOf(input)
    const packedSize = sizeOf(input)
    if (control >= 0xc0) decoder.reset(parametersOf(input.byte()))
    else if (needs === 'parameters') throw damaged('a chunk keeps parameters that it has not')
    else if (control >= 0xa0) decoder.reset()
    needs = 'nothing'
    const end = input.position() + packedSize
    if (decoder.decode(output.size() + size)) throw damaged('a chunk holds an end mark')
    if (input.position() !== end || !decoder.isFinished()) throw damaged('a chunk is longer or shorter than it says')
  }
}
