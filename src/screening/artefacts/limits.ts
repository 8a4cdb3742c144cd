const mebibyte = 2 ** 20

/** Bounds that keep a scan short and small whatever a file claims. Beyond one of them a file is unscanned, never clean. */
export const limits = {
  /** Folders within folders. */
  folderDepth: 64,
  files: 200_000,
  /** Archives within archives, pickles within byte strings. */
  nesting: 5,
  /** Members of one archive. */
  members: 100_000,
  /** Inflated bytes of one member or compressed file. */
  inflatedMember: 256 * mebibyte,
  /** Inflated bytes of one file in all. */
  inflatedFile: 512 * mebibyte,
  /** From here on a declared ratio is judged: constant arrays compress well, but not to gigabytes. */
  bombSize: 1024 * mebibyte,
  bombRatio: 100,
  /** Bytes of a header, a configuration or a text that are read at once. */
  text: 64 * mebibyte,
  /** Bytes of a file of unknown make that are searched for pickles. */
  search: 256 * mebibyte,
  /** Nested messages of a protobuf file. */
  protobufDepth: 64,
  /** Fields of a protobuf file. */
  protobufFields: 50_000_000,
  /** Findings of one rule in one file; the last one says how many more there are. */
  findingsPerRule: 50,
} as const
