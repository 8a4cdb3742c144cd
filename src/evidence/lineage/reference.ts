import { z } from 'zod'
import type { ArtefactKind } from '../../contract/data-record.ts'
import { sha256Schema } from '../../contract/index.ts'
import type { Subject } from '../statement.ts'

/** An artefact as one record names it. All of its digests stand for the same thing. */
export interface Reference {
  readonly name: string
  readonly kind: ArtefactKind
  /** Of the whole, and of the manifest and its root, as far as they are told. */
  readonly sha256?: string
  readonly root?: string
  readonly manifest?: string
}

const isModelName = (name: string): boolean => /\.(onnx|pt|pth|safetensors|h5|keras|joblib|pkl)$/i.test(name)

export const referenceTo = ({ name, digest }: Subject, kind?: ArtefactKind): Reference => ({
  name,
  sha256: digest.sha256,
  kind: kind ?? (isModelName(name) ? 'model' : 'data'),
})

const descriptorSchema = z.looseObject({
  name: z.string().optional(),
  uri: z.string().optional(),
  digest: z.looseObject({ sha256: sha256Schema }),
})

/** What a list of in-toto resource descriptors names by a SHA-256; the others can't be followed and are left out. */
export const references = (descriptors: readonly unknown[]): readonly Reference[] =>
  descriptors.flatMap((descriptor) => {
    const parsed = descriptorSchema.safeParse(descriptor)
    if (!parsed.success) return []
    const { name, uri, digest } = parsed.data
    return [referenceTo({ name: name ?? uri ?? digest.sha256, digest })]
  })
