import { bytesContent } from '../../../src/screening/artefacts/content.ts'
import { type FileScan, scanContent } from '../../../src/screening/artefacts/index.ts'

/** Smaller than in use, so that bombs can be small too. */
export const inflated = { member: 2 ** 20, file: 4 * 2 ** 20 }

/** Scans bytes as if they were a file of this name in an empty folder. */
export const scanBytes = (name: string, data: Uint8Array): Promise<FileScan> =>
  scanContent(bytesContent(data), name, '/nowhere', { allows: () => false, inflated })

export const rulesOf = ({ findings }: FileScan): readonly string[] =>
  [...new Set(findings.map(({ rule }) => rule))].sort()
