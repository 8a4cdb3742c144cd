import { type PiiKind, piiKinds } from '../pii/index.ts'

/** Content that does harm to whoever opens, renders or trains on it. */
export const contentKinds = [
  'control',
  'invisible',
  'bidi',
  'homoglyph',
  'html',
  'prompt-injection',
  'formula',
] as const
export type ContentKind = (typeof contentKinds)[number]

/** What only image files hold: see images/. */
export const imageKinds = ['image-metadata', 'image-trailer', 'image-polyglot', 'image-extension'] as const
export type ImageKind = (typeof imageKinds)[number]

/** Everything that an action can be chosen for. `age` is never searched for: a rules file names its column. */
export const sanitisedKinds = [...piiKinds, 'age', ...contentKinds, ...imageKinds] as const
export type SanitisedKind = (typeof sanitisedKinds)[number]

const pii: ReadonlySet<string> = new Set(piiKinds)

export const isPiiKind = (kind: string): kind is PiiKind => pii.has(kind)
