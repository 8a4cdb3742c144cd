export { assessAnnotations } from './assess-annotations.ts'
export { type AuditOptions, planAudit } from './audit/audit.ts'
export { type Sprt, type SprtOptions, sprt } from './audit/sprt.ts'
export { type AnnotationOptions, annotationDefaults } from './options.ts'
