export { type CertifyOptions, certifyTrees } from './certify.ts'
export type { RowCertificate } from './certify-row.ts'
export type { RegionNorm } from './distance.ts'
