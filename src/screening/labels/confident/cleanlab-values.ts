import type { LabelFilter, LabelScore } from '../../../contract/labels.ts'

interface Stored {
  readonly thresholds: readonly number[]
  readonly raw: readonly number[]
  readonly calibrated: readonly number[]
  readonly filters: Readonly<Record<LabelFilter, readonly number[]>>
  /** Sum of all rows' scores, the score of row 3, sum of squares. */
  readonly scores: Readonly<Record<LabelScore, readonly [number, number, number]>>
  /** Of adjusted probabilities: sum, and the score of row 3. */
  readonly adjusted: Readonly<Record<'self-confidence' | 'normalized-margin', readonly [number, number]>>
}

/** What cleanlab 2.9.0 gives for the rows of the test, on numpy 1.24 and scikit-learn 1.2. */
export const cleanlab: Readonly<Record<'ten' | 'missing4' | 'a' | 'b' | 'c', Stored>> = {
  ten: {
    thresholds: [0.75, 0.6857142857142857, 0.8],
    raw: [1, 0, 0, 0, 6, 1, 0, 0, 1],
    calibrated: [2, 0, 0, 0, 6, 1, 0, 0, 1],
    filters: {
      'prune-by-noise-rate': [2],
      'prune-by-class': [2],
      both: [2],
      'confident-learning': [2],
      'predicted-neq-given': [2],
      'low-normalized-margin': [2],
      'low-self-confidence': [2],
    },
    scores: {
      'self-confidence': [7.1, 0.8, 5.65],
      'normalized-margin': [7.6, 0.85, 6.36],
      'confidence-weighted-entropy': [6.7446300965, 0.7515409925, 5.0846363953],
    },
    adjusted: { 'self-confidence': [6.8711656442, 0.7852760736], 'normalized-margin': [7.3435582822, 0.8282208589] },
  },
  missing4: {
    thresholds: [0.8500000000000001, 2.0, 0.47500000000000003, 2.0],
    raw: [1, 0, 0, 0, 0, 1, 0, 0, 1, 0, 1, 0, 0, 0, 0, 1],
    calibrated: [2, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0],
    filters: {
      'prune-by-noise-rate': [3],
      'prune-by-class': [3],
      both: [3],
      'confident-learning': [3],
      'predicted-neq-given': [3],
      'low-normalized-margin': [3],
      'low-self-confidence': [3],
    },
    scores: {
      'self-confidence': [2.65, 0.05, 2.2625],
      'normalized-margin': [2.65, 0.05, 2.2625],
      'confidence-weighted-entropy': [3.0746756393, 0.4719655736, 2.4834607194],
    },
    adjusted: { 'self-confidence': [2.1768707483, 0.4285714286], 'normalized-margin': [2.1768707483, 0.4285714286] },
  },
  a: {
    thresholds: [0.5581017971663278, 0.5325198398413766, 0.4889407841134252],
    raw: [12, 2, 4, 2, 12, 2, 2, 3, 11],
    calibrated: [14, 2, 5, 3, 16, 3, 2, 3, 12],
    filters: {
      'prune-by-noise-rate': [0, 8, 10, 12, 13, 15, 20, 22, 31, 32, 44, 49, 50, 55],
      'prune-by-class': [0, 7, 8, 10, 11, 12, 13, 15, 20, 22, 27, 29, 31, 32, 44, 45, 49, 55],
      both: [0, 8, 10, 12, 13, 15, 20, 22, 31, 32, 44, 49, 55],
      'confident-learning': [0, 8, 10, 12, 13, 15, 20, 22, 31, 32, 44, 47, 49, 50, 55],
      'predicted-neq-given': [0, 7, 8, 10, 11, 12, 13, 15, 20, 22, 27, 29, 31, 32, 41, 44, 45, 47, 49, 50, 55],
      'low-normalized-margin': [0, 8, 10, 11, 12, 13, 15, 20, 22, 27, 31, 44, 49, 50, 55],
      'low-self-confidence': [0, 8, 10, 11, 12, 13, 15, 20, 22, 27, 31, 44, 49, 50, 55],
    },
    scores: {
      'self-confidence': [31.7475675469, 0.5930484083, 22.2935066539],
      'normalized-margin': [34.8966445091, 0.5997551052, 24.7353328475],
      'confidence-weighted-entropy': [35.4139295018, 0.6695516597, 24.379053197],
    },
    adjusted: { 'self-confidence': [30.5881003451, 0.6048994506], 'normalized-margin': [34.2350096724, 0.6227097277] },
  },
  b: {
    thresholds: [0.464004281368361, 0.40468123163164776, 0.5392430605956312, 0.44443300538293773, 0.4496173432963231],
    raw: [14, 0, 2, 0, 2, 2, 15, 3, 1, 3, 1, 1, 10, 1, 1, 1, 1, 1, 14, 1, 1, 1, 0, 2, 12],
    calibrated: [17, 0, 2, 0, 3, 2, 18, 4, 1, 4, 1, 1, 16, 2, 2, 1, 1, 1, 19, 2, 1, 2, 0, 3, 17],
    filters: {
      'prune-by-noise-rate': [
        5, 8, 10, 11, 12, 21, 29, 37, 39, 41, 44, 48, 53, 64, 67, 69, 73, 77, 80, 84, 88, 89, 97, 99, 100, 101, 103,
        105, 111, 119,
      ],
      'prune-by-class': [
        5, 8, 9, 10, 11, 12, 20, 21, 29, 37, 39, 41, 44, 48, 53, 60, 63, 64, 67, 69, 72, 73, 77, 80, 84, 88, 93, 97, 99,
        103, 105, 111, 119,
      ],
      both: [
        5, 8, 10, 11, 12, 21, 29, 37, 39, 41, 44, 48, 53, 64, 67, 69, 73, 77, 80, 84, 88, 97, 99, 103, 105, 111, 119,
      ],
      'confident-learning': [
        5, 8, 10, 11, 29, 37, 39, 41, 44, 48, 53, 69, 73, 77, 80, 84, 88, 89, 93, 97, 99, 100, 101, 111, 119,
      ],
      'predicted-neq-given': [
        5, 8, 9, 10, 11, 12, 20, 21, 28, 29, 35, 37, 39, 41, 44, 48, 53, 58, 60, 63, 64, 67, 69, 72, 73, 77, 80, 84, 88,
        89, 93, 95, 97, 99, 100, 101, 103, 105, 111, 116, 119,
      ],
      'low-normalized-margin': [
        5, 8, 9, 10, 29, 37, 39, 41, 44, 53, 63, 64, 67, 73, 77, 80, 84, 88, 89, 97, 99, 101, 103, 111, 119,
      ],
      'low-self-confidence': [
        5, 8, 9, 10, 29, 35, 37, 39, 41, 44, 53, 60, 63, 64, 67, 72, 73, 77, 84, 88, 99, 101, 103, 111, 119,
      ],
    },
    scores: {
      'self-confidence': [54.8147882655, 0.5283499947, 32.887624696],
      'normalized-margin': [68.6146286331, 0.6299314362, 45.0201398203],
      'confidence-weighted-entropy': [67.2876995816, 0.618210681, 42.7232311484],
    },
    adjusted: { 'self-confidence': [46.4119055901, 0.3789529537], 'normalized-margin': [66.130255504, 0.5662097532] },
  },
  c: {
    thresholds: [0.41907195115584117, 0.3796176879485129, 2.0, 0.4616472783811769],
    raw: [11, 4, 0, 0, 5, 9, 0, 2, 0, 0, 1, 0, 4, 7, 0, 22],
    calibrated: [16, 6, 0, 0, 6, 10, 0, 2, 0, 0, 0, 0, 5, 8, 0, 27],
    filters: {
      'prune-by-noise-rate': [1, 5, 12, 17, 22, 23, 24, 25, 26, 27, 28, 30, 38, 45, 51, 52, 55, 66, 67],
      'prune-by-class': [
        1, 4, 5, 12, 13, 14, 17, 19, 22, 23, 25, 27, 28, 30, 34, 37, 38, 42, 45, 46, 51, 52, 55, 66, 67, 71, 75,
      ],
      both: [1, 5, 12, 17, 22, 23, 25, 27, 28, 30, 38, 45, 51, 52, 55, 66, 67],
      'confident-learning': [1, 4, 5, 6, 12, 17, 19, 23, 24, 25, 26, 27, 28, 30, 34, 38, 45, 51, 52, 55, 66, 67],
      'predicted-neq-given': [
        1, 4, 5, 6, 12, 13, 14, 17, 19, 22, 23, 24, 25, 26, 27, 28, 30, 32, 33, 34, 37, 38, 42, 44, 45, 46, 51, 52, 55,
        66, 67, 71, 75,
      ],
      'low-normalized-margin': [1, 4, 5, 12, 13, 17, 23, 25, 26, 27, 28, 34, 38, 42, 45, 46, 51, 52, 55, 66, 67, 75],
      'low-self-confidence': [1, 12, 13, 17, 22, 23, 25, 27, 28, 30, 34, 37, 38, 42, 45, 46, 51, 52, 55, 66, 67, 75],
    },
    scores: {
      'self-confidence': [34.5185924437, 0.8373446302, 18.9685892985],
      'normalized-margin': [42.4872265285, 0.8691787681, 25.2043886968],
      'confidence-weighted-entropy': [43.8052803159, 0.8172268788, 26.9359628114],
    },
    adjusted: { 'self-confidence': [27.8762006933, 0.4282005593], 'normalized-margin': [40.7854388189, 0.5714664881] },
  },
}
