import type { AnnotationMethod, AnnotationsResult } from '../../contract/annotations.ts'
import type { AuditOptions } from './audit/audit.ts'

/** Which columns hold the answers, and how they are judged. */
export interface AnnotationOptions {
  /** Column of the item that was labelled. */
  readonly item: string
  /** Column of who labelled it. */
  readonly annotator: string
  /** Column of the label given. */
  readonly label: string
  /** Column of the known label, empty where it isn't known. */
  readonly gold?: string
  /** A table of known labels: its columns have the names of the item's and the label's. */
  readonly goldFile?: string
  /** How much two labels differ for Krippendorff's alpha and Cohen's kappa; nominal by default. */
  readonly level?: AnnotationsResult['settings']['level']
  /** How answers are weighed into one label; by default dawid-skene, or one-coin where annotators have few answers. */
  readonly method?: AnnotationMethod
  /** Prior answers of every annotator to each class, as all annotators answered; 2 by default, 0: none. */
  readonly smoothing?: number
  /** Share of false accusations that is accepted among those made; 0.05 by default. */
  readonly falseDiscoveryRate?: number
  readonly audit?: Omit<AuditOptions, 'population'>
  /** File for the label of every item: CSV with item, label, probability and answers. */
  readonly consensusOut?: string
  /** File for all annotators: CSV with what the result says of each. */
  readonly annotatorsOut?: string
  readonly seed?: number
}

export const annotationDefaults = {
  level: 'nominal',
  smoothing: 2,
  falseDiscoveryRate: 0.05,
  seed: 0,
} as const
