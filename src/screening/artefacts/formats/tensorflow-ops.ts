const words = (text: string): readonly string[] => text.trim().split(/\s+/)

/** Operators that run Python, load code or run a graph that they are handed as bytes, or write files. */
export const dangerousOps: ReadonlySet<string> = new Set(
  words(`
    PyFunc PyFuncStateless EagerPyFunc WriteFile WriteFileV2 LoadLibrary LoadDataset SaveDataset SaveDatasetV2
    DatasetToTFRecord DumpTensor WriteRawProtoSummary CreateSummaryFileWriter CreateSummaryDbWriter DeleteFile
    WriteAudioSummary WriteGraphSummary WriteImageSummary WriteHistogramSummary WriteScalarSummary WriteSummary
    RemoteCall DistributedSave SnapshotDataset SnapshotDatasetV2 DatasetFromGraph MlirPassthroughOp
  `),
)

/** Operators that read files or folders named at run time, or use the network. */
export const fileOps: ReadonlySet<string> = new Set(
  words(`
    ReadFile MatchingFiles MatchingFilesDataset WholeFileReader WholeFileReaderV2 TextLineReader TextLineReaderV2
    TextLineDataset TFRecordReader TFRecordReaderV2 TFRecordDataset TFRecordDatasetV2 FixedLengthRecordReader
    FixedLengthRecordReaderV2 FixedLengthRecordDataset FixedLengthRecordDatasetV2 LMDBDataset LMDBReader SqlDataset
    ImmutableConst GenerateVocabRemapping CSVDataset CSVDatasetV2 DataServiceDataset DataServiceDatasetV2
    RegisterDataset RegisterDatasetV2 BigQueryReader GcsConfigureCredentials DecodeVideo ExperimentalLMDBDataset
    ExperimentalMatchingFilesDataset ExperimentalSqlDataset LoadAndRemapMatrix ListSnapshotChunksDataset
    SnapshotChunkDataset SnapshotDatasetReader SnapshotNestedDatasetReader FileSystemSetConfiguration RpcCall RpcClient
    RpcServer RpcServerRegister RpcServerStart
  `),
)
