export { configuredFeatures, loadFeatures } from './load-features.ts'
export { type FeatureSource, type OpenedFeatures, openFeatures } from './open-features.ts'
