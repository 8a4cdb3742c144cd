import { z } from 'zod'
import { BartizanError } from '../../base/errors.ts'
import { yamlSource } from '../../base/yaml/yaml-source.ts'
import type { Claims } from './croissant-read.ts'

const outSchema = z.looseObject({
  md5: z.string().optional(),
  size: z.int().nonnegative().optional(),
  nfiles: z.int().nonnegative().optional(),
  hash: z.string().optional(),
  path: z.string(),
})

const dvcSchema = z.looseObject({
  outs: z.array(outSchema).min(1),
  meta: z.unknown().optional(),
  desc: z.string().optional(),
})

const lastOf = (path: string): string => path.split(/[/\\]/).at(-1) ?? path

/**
 * Reads a .dvc file for what it claims of the file `fileName`. Its MD5 is a claim to compare, never an identity. Up to
 * DVC 2 (no `hash`) line ends were made "\n" before hashing (md5-dos2unix). Throws DATA_FORMAT_UNSUPPORTED.
 */
export const readDvc = (text: string, fileName: string): Claims => {
  const { value, syntaxProblems } = yamlSource(text, { maxAliases: 0 })
  const document = dvcSchema.safeParse(value)
  if (!document.success) {
    const [broken] = syntaxProblems
    const why = broken ? `line ${broken.line}: ${broken.message}` : 'it has no "outs" with paths'
    throw new BartizanError('DATA_FORMAT_UNSUPPORTED', `the description is no .dvc file: ${why}`, {
      hint: 'a description is a Croissant, Data Provenance Initiative, C2PA or .dvc file',
    })
  }
  const { outs, meta, desc } = document.data
  const out = outs.find(({ path }) => lastOf(path) === fileName)
  const { md5, size, nfiles, hash } = out ?? {}
  const isPlain = md5 !== undefined && /^[0-9a-f]{32}$/.test(md5)
  const warnings = [
    ...(out === undefined ? [`it does not name ${fileName}`] : []),
    ...(md5?.endsWith('.dir') ? ['its MD5 is of a folder: not compared'] : []),
    ...(md5 !== undefined && !md5.endsWith('.dir') && !isPlain
      ? [`its MD5 "${md5.slice(0, 64)}" is none: not compared`]
      : []),
  ]
  return {
    format: 'dvc',
    licences: [],
    source: undefined,
    consent: {},
    digests: isPlain ? { [hash === 'md5' ? 'md5' : 'md5-dos2unix']: md5 } : {},
    kept: {
      ...(md5 && { md5 }),
      ...(size !== undefined && { size }),
      ...(nfiles !== undefined && { nfiles }),
      meta,
      desc,
    },
    warnings,
  }
}
