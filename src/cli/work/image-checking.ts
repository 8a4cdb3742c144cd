import { BartizanError } from '../../base/errors.ts'
import { type ImagesCheckResult, imagesCheckSchema, imagesCheckSchemaVersion } from '../../contract/images-check.ts'
import { checkImages } from '../../screening/images/index.ts'
import { verdictOf } from './comparing.ts'

export interface ImageFlags {
  readonly against?: string
  readonly size?: readonly number[]
  readonly channels?: number
}

/** Height and width, of exactly two numbers. */
const sizeOf = (size: readonly number[] | undefined): readonly [number, number] | undefined => {
  if (size === undefined) return undefined
  const [height, width, ...more] = size
  if (height === undefined || width === undefined || more.length > 0)
    throw new BartizanError('USAGE', `--size is ${size.join('x')}, expected HEIGHTxWIDTH such as 224x224`, {
      data: { flag: '--size', size },
    })
  return [height, width]
}

/** Checks the images at `path` as the flags say. */
export const checkImageSet = async (
  path: string,
  { against, size, channels }: ImageFlags,
): Promise<ImagesCheckResult> => {
  const declared = sizeOf(size)
  const { names: _, ...report } = await checkImages({
    path,
    ...(against !== undefined && { against }),
    options: { ...(declared && { size: declared }), ...(channels !== undefined && { channels }) },
  })
  return imagesCheckSchema.parse({
    schemaVersion: imagesCheckSchemaVersion,
    ...report,
    verdict: verdictOf(report.checks),
  })
}
