import { stream } from '../../src/base/random.ts'

const words =
  'the of and to in a is that for it was on are as with be at by this from or have an not which but they their one all there were her been has when who will more no if out so said what up its about into than them can only other time new some could these two may then do first any my now such like our over man me even most made after also did many before must through years where much your way well down should because each just those people how too little state good very make world still own see men work long here get both between life being under never day same another know while last might us great old year off come since against go came right used take three'.split(
    ' ',
  )

/** Plain text: sentences of ordinary English words with a capital, a comma or a small number now and then. */
export const prose = (bytes: number): string => {
  const rng = stream('prose', bytes)
  const lines: string[] = []
  let size = 0
  while (size < bytes) {
    const sentence = Array.from({ length: 8 + rng.integer(14) }, () =>
      rng.integer(60) === 0 ? String(rng.integer(500)) : words[rng.integer(words.length)]!,
    )
    sentence[0] = sentence[0]!.replace(/^./, (char) => char.toUpperCase())
    lines.push(`${sentence.join(' ')}.${rng.integer(6) === 0 ? '\n' : ' '}`)
    size += lines.at(-1)!.length
  }
  return lines.join('')
}
