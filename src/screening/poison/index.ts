import { registry } from '../../base/registry.ts'
import type { AnyScreen } from '../../threat/screen.ts'
import { activationClustering } from './activation-clustering.ts'
import { influence } from './influence.ts'
import { nearDuplicates } from './near-duplicates.ts'
import { provenance } from './provenance.ts'
import { roni } from './roni.ts'
import { spectralSignatures } from './spectral-signatures.ts'

/** Every poison screen, the cheapest first. */
export const poisonScreens: ReadonlyMap<string, AnyScreen> = registry(
  'poison screen',
  [influence, spectralSignatures, activationClustering, nearDuplicates, provenance, roni],
  ({ id }) => id,
)
