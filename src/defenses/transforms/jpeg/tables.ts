/** Quantisation steps of the standard's annex K.1 (ITU-T T.81), in rows: what every encoder starts from. */
const luminance = [
  ...[16, 11, 10, 16, 24, 40, 51, 61],
  ...[12, 12, 14, 19, 26, 58, 60, 55],
  ...[14, 13, 16, 24, 40, 57, 69, 56],
  ...[14, 17, 22, 29, 51, 87, 80, 62],
  ...[18, 22, 37, 56, 68, 109, 103, 77],
  ...[24, 35, 55, 64, 81, 104, 113, 92],
  ...[49, 64, 78, 87, 103, 121, 120, 101],
  ...[72, 92, 95, 98, 112, 100, 103, 99],
]

const chrominance = [
  ...[17, 18, 24, 47, 99, 99, 99, 99],
  ...[18, 21, 26, 66, 99, 99, 99, 99],
  ...[24, 26, 56, 99, 99, 99, 99, 99],
  ...[47, 66, 99, 99, 99, 99, 99, 99],
  ...Array.from({ length: 32 }, () => 99),
]

/** The tables at a quality from 1 to 100, scaled and bounded for baseline files as the Independent JPEG Group does. */
export const quantisationTables = (
  quality: number,
): { readonly luminance: readonly number[]; readonly chrominance: readonly number[] } => {
  const percent = quality < 50 ? Math.floor(5000 / quality) : 200 - 2 * quality
  const scaled = (table: readonly number[]): readonly number[] =>
    table.map((step) => Math.min(255, Math.max(1, Math.floor((step * percent + 50) / 100))))
  return { luminance: scaled(luminance), chrominance: scaled(chrominance) }
}
