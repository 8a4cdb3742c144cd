import { partOf } from '../content.ts'
import { type Artefact, partNamed, type ScanContext } from '../context.ts'
import { scanPickle } from '../pickle/scan-pickle.ts'
import { parseNpyHeader } from './npy-header.ts'

/** NumPy refuses longer headers too (max_header_size guards its parser), unless pickles are allowed. */
const longestHeader = 2 ** 20

/** An array file: one of Python objects holds a pickle; whatever follows an array of numbers is looked at in turn. */
export const scanNpy = async (artefact: Artefact, context: ScanContext): Promise<void> => {
  const { content } = artefact
  const header = parseNpyHeader(content.read(0, longestHeader))
  if (header === undefined) return context.unscanned(artefact, 'its header is no header of an array')
  const { start, holdsObjects, dataSize } = header
  if (holdsObjects) {
    context.report('numpy-object-array', { artefact }, 'its dtype is object: the data are a pickle')
    return scanPickle(partNamed(artefact, 'object data', partOf(content, start, content.size)), context)
  }
  const end = start + (dataSize ?? content.size)
  if (end < content.size)
    await context.descend(partNamed(artefact, `bytes at ${end}`, partOf(content, end, content.size)))
}
