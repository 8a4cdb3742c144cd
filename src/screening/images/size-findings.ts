import type { ImageFacts, ImageProblem } from './image-facts.ts'
import type { ImageCheckOptions } from './options.ts'

/** An image and what is wrong with it. */
export interface ImageFinding {
  readonly image: string
  readonly kind: ImageProblem | 'size' | 'channels'
  readonly message: string
}

/** The commonest value, the first among equals. */
const commonest = (values: readonly string[]): string | undefined => {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].reduce<readonly [string, number] | undefined>(
    (best, entry) => (best === undefined || entry[1] > best[1] ? entry : best),
    undefined,
  )?.[0]
}

/** Images of another size or number of channels than declared; without a declaration, than the most have. */
export const sizeFindings = (
  facts: readonly ImageFacts[],
  { size, channels }: ImageCheckOptions,
): readonly ImageFinding[] => {
  const known = facts.filter(({ height }) => height !== undefined)
  const sizeOf = ({ height, width }: ImageFacts): string => `${height}x${width}`
  const wantedSize = size === undefined ? commonest(known.map(sizeOf)) : size.join('x')
  const wantedChannels = channels === undefined ? commonest(known.map((image) => `${image.channels}`)) : `${channels}`
  const declared = (given: unknown): string => (given === undefined ? 'most images have' : 'declared is')
  return known.flatMap((image): readonly ImageFinding[] => [
    ...(sizeOf(image) === wantedSize
      ? []
      : [
          { image: image.name, kind: 'size' as const, message: `is ${sizeOf(image)}, ${declared(size)} ${wantedSize}` },
        ]),
    ...(`${image.channels}` === wantedChannels
      ? []
      : [
          {
            image: image.name,
            kind: 'channels' as const,
            message: `has ${image.channels} channels, ${declared(channels)} ${wantedChannels}`,
          },
        ]),
  ])
}
