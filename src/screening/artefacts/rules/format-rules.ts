import { dontLoad, type Rule, resave } from './rule.ts'

/** Rules of the formats that hold models, arrays and configurations. */
export const formatRules = {
  'numpy-object-array': {
    severity: 'low',
    title: 'An array holds Python objects',
    meaning: 'Its data are a pickle, which runs when it is loaded with allow_pickle=True.',
    hint: 'store numbers or text in plain dtypes; keep allow_pickle=False, the default',
  },
  'keras-lambda': {
    severity: 'critical',
    title: 'A Keras model holds Python code',
    meaning: 'A Lambda layer carries compiled code that runs when the model is loaded or called.',
    hint: 'do not load it with safe_mode=False; ask for the model with a named layer in its place',
  },
  'keras-dangerous-object': {
    severity: 'critical',
    title: 'A Keras configuration names a module or function that can run code',
    meaning: 'Older versions of Keras import and call whatever the configuration names.',
    hint: dontLoad,
  },
  'keras-custom-object': {
    severity: 'medium',
    title: 'A Keras model needs classes or functions from outside Keras',
    meaning: 'They are imported when it is loaded, and are not in the file.',
    hint: 'read that code, and name it with --allow if you trust it',
  },
  'keras-file-reference': {
    severity: 'medium',
    title: 'A Keras layer reads a file when it is loaded',
    meaning: 'A path or address in the configuration is opened on the machine that loads the model.',
    hint: 'store the vocabulary itself in the model',
  },
  'hdf5-invalid': {
    severity: 'medium',
    title: 'The HDF5 file is damaged',
    meaning: 'Its superblock contradicts the file; damaged HDF5 files have crashed readers before.',
    hint: resave,
  },
  'savedmodel-dangerous-op': {
    severity: 'critical',
    title: 'A TensorFlow graph runs Python, loads code or writes files',
    meaning: 'The operator acts on the machine that runs the model.',
    hint: 'do not load it; ask what the operator is for, and for a graph without it',
  },
  'savedmodel-file-access': {
    severity: 'high',
    title: 'A TensorFlow graph reads files, lists folders or reaches the network',
    meaning: 'The model can read what whoever runs it can read.',
    hint: 'ask what the operator is for, and for a graph without it',
  },
  'onnx-external-path': {
    severity: 'critical',
    title: 'An ONNX model takes its weights from outside its folder',
    meaning: 'Loading reads a file elsewhere on the machine, which the model can then give away.',
    hint: 'do not load it; export the model again with its weights beside it',
  },
  'onnx-external-missing': {
    severity: 'low',
    title: 'The file with the weights of an ONNX model is not there',
    meaning: 'The model can not be loaded, and the weights were not inspected.',
    hint: 'copy the file with the weights beside the model',
  },
  'onnx-python-operator': {
    severity: 'critical',
    title: 'An ONNX model calls Python',
    meaning: 'The operator runs a Python function by name.',
    hint: dontLoad,
  },
  'onnx-custom-operator': {
    severity: 'medium',
    title: 'An ONNX model needs operators that are not part of ONNX',
    meaning: 'Whoever loads it must first load a native library for them.',
    hint: 'find out where the library comes from, or export without custom operators',
  },
  'suspicious-metadata': {
    severity: 'medium',
    title: 'Metadata hold what looks like code',
    meaning: 'It does nothing by itself, but some tools evaluate or show metadata.',
    hint: 'read it, and remove it from the file',
  },
  'safetensors-invalid': {
    severity: 'medium',
    title: 'The header of a safetensors file does not match its data',
    meaning: 'Readers may fail, read the wrong bytes, or see a second content in the same file.',
    hint: resave,
  },
  'gguf-invalid': {
    severity: 'medium',
    title: 'The header of a GGUF file does not match its data',
    meaning: 'Damaged headers have led readers to write outside their memory.',
    hint: resave,
  },
  'template-code': {
    severity: 'critical',
    title: 'A chat template reaches into Python',
    meaning: 'A template engine without a sandbox runs code from it at the first message.',
    hint: 'do not use the template; take the one of the original model',
  },
  'remote-code': {
    severity: 'medium',
    title: 'A configuration asks for Python code from the model’s own files',
    meaning: 'With trust_remote_code that code runs when the model is loaded.',
    hint: 'read the code, fix the revision, or use a model that the library supports itself',
  },
  'remote-code-elsewhere': {
    severity: 'high',
    title: 'A configuration asks for Python code from another repository',
    meaning: 'With trust_remote_code, code that is not here and may change at any time is fetched and run.',
    hint: 'do not load it with trust_remote_code; copy the code, read it, and fix it',
  },
  'yaml-python-object': {
    severity: 'critical',
    title: 'A YAML file builds Python objects',
    meaning: 'An unsafe YAML loader calls what the tag names.',
    hint: 'do not load it but with yaml.safe_load; remove the tags',
  },
  'torchscript-file-access': {
    severity: 'high',
    title: 'TorchScript code reads or writes files',
    meaning: 'The model touches files on the machine that runs it.',
    hint: 'ask what it is for, and for a model without it',
  },
  'torchscript-custom-operator': {
    severity: 'low',
    title: 'TorchScript code calls operators of another library',
    meaning: 'Whoever loads it must first load a native library for them.',
    hint: 'find out where the library comes from',
  },
  'savedmodel-custom-operator': {
    severity: 'medium',
    title: 'A TensorFlow graph needs operators that are not part of TensorFlow',
    meaning: 'Whoever loads it must first load a native library for them.',
    hint: 'find out where the library comes from; if you trust it, name the operator with --allow tf.NAME',
  },
} as const satisfies Readonly<Record<string, Rule>>
