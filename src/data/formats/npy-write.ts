import { BartizanError } from '../../base/errors.ts'
import { atomicFile } from '../atomic-file.ts'
import { elementCount, encode, type NumericArray } from '../dtype.ts'
import { checkArrayType, type WritableArray } from './npy.ts'
import { npyHeader } from './npy-header.ts'

/** An npy file that is written piece by piece and appears once it is complete. */
export interface NpyWriter {
  /** The next elements, in C order. */
  append(data: NumericArray): Promise<void>
  /** Throws INTERNAL unless exactly the announced number of elements came. */
  commit(): Promise<void>
  /** Gives up; leaves nothing behind. Nothing after `commit`. */
  discard(): Promise<void>
}

/** Starts an npy file of a known shape; throws FILE_UNWRITABLE. */
export const npyWriter = async (path: string, { dtype, shape }: Omit<WritableArray, 'data'>): Promise<NpyWriter> => {
  const expected = elementCount(shape, path)
  const file = await atomicFile(path)
  await file.write(npyHeader(dtype, shape))
  let count = 0
  return {
    append: async (data) => {
      checkArrayType(dtype, data)
      count += data.length
      await file.write(encode(data))
    },
    commit: async () => {
      if (count !== expected) {
        await file.discard()
        throw new BartizanError('INTERNAL', `${path}: ${expected} elements were announced, ${count} came`)
      }
      await file.commit()
    },
    discard: file.discard,
  }
}

/** Writes one array as numpy.save does; throws FILE_UNWRITABLE, and then leaves no file. */
export const writeNpy = async (path: string, { dtype, shape, data }: WritableArray): Promise<void> => {
  checkArrayType(dtype, data)
  const writer = await npyWriter(path, { dtype, shape })
  try {
    await writer.append(data)
    await writer.commit()
  } finally {
    await writer.discard()
  }
}
