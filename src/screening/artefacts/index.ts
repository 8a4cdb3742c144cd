export { type Rule, type RuleId, rules, severities } from './rules.ts'
export { renderScanSarif, type SarifOptions } from './sarif.ts'
export { type FileScan, type ScanFileOptions, scanContent, scanFile } from './scan-file.ts'
export { type ScanOptions, scanPath } from './scan-path.ts'
