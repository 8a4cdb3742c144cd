import type { Severity } from '../../contract/index.ts'

export interface Rule {
  readonly severity: Severity
  readonly title: string
  /** What it means for whoever loads the file. */
  readonly meaning: string
  /** What to do. */
  readonly hint: string
}

const dontLoad = 'do not load the file; ask its author for safetensors or ONNX, and find out how it got here'
const rebuild = 'ask for a file written by the usual tools; do not unpack or load this one'
const resave = 'write the file again with the library that made it, and compare the digests'

/** Every rule of `bartizan scan`, once. The ids are stable: pipelines and suppressions rely on them. */
export const rules = {
  'pickle-dangerous-import': {
    severity: 'critical',
    title: 'A pickle imports what can run code, start programs or reach files and the network',
    meaning: 'Loading the file runs what its author wrote, with the rights of whoever loads it.',
    hint: dontLoad,
  },
  'pickle-attribute-chain': {
    severity: 'critical',
    title: 'A pickle reaches through attributes of an import',
    meaning: 'A dotted name leads from a harmless module to anything that this module itself imports.',
    hint: dontLoad,
  },
  'pickle-unresolved-import': {
    severity: 'high',
    title: 'A pickle computes the name of what it imports',
    meaning: 'What is imported is only known when the file is loaded; ordinary pickles write the name out.',
    hint: dontLoad,
  },
  'pickle-import-changed': {
    severity: 'high',
    title: 'A pickle changes a class or a function that it imported',
    meaning: 'Attributes set on an import outlive the load and change how the running program behaves.',
    hint: dontLoad,
  },
  'pickle-unknown-import': {
    severity: 'medium',
    title: 'A pickle imports something that is not known to be harmless',
    meaning: 'Loading imports the module and, where it is called, runs it with arguments from the file.',
    hint: 'read the code of what is imported; if it is your own or you trust it, name it with --allow',
  },
  'pickle-extension': {
    severity: 'medium',
    title: 'A pickle uses the extension registry',
    meaning: 'Which class stands behind the number depends on the program that loads the file.',
    hint: 'find out which class is meant; ordinary libraries do not use the registry',
  },
  'pickle-broken': {
    severity: 'medium',
    title: 'A pickle does not end as it should',
    meaning: 'Loading fails, but what stands before the break has run by then. All of that was inspected.',
    hint: resave,
  },
  'pickle-hidden': {
    severity: 'medium',
    title: 'A pickle lies within other data',
    meaning: 'A loader that skips to it would run it; scanners that look at the start only miss it.',
    hint: rebuild,
  },
  'pickle-trailing-data': {
    severity: 'low',
    title: 'Data follow the end of a pickle',
    meaning: 'A loader stops before them. They may be anything.',
    hint: resave,
  },
  'pickle-persistent-id': {
    severity: 'info',
    title: 'A pickle refers to objects outside it',
    meaning: 'Only a loader made for it can open it; what it fetches then is not in the file.',
    hint: 'check what the loader does with the names',
  },
  'extension-mismatch': {
    severity: 'medium',
    title: 'The content is of another format than the name says',
    meaning: 'Checks that go by the name look at it in the wrong way or skip it.',
    hint: 'give the file the name of its format, or find out why it has another',
  },
  'file-polyglot': {
    severity: 'high',
    title: 'The file is two formats at once',
    meaning: 'One tool sees one content, another tool the other. Ordinary tools never write such files.',
    hint: rebuild,
  },
  'archive-path-traversal': {
    severity: 'critical',
    title: 'An archive member is written outside the folder that it is unpacked to',
    meaning: 'Unpacking with a careless tool overwrites files elsewhere, which can run code later.',
    hint: rebuild,
  },
  'archive-link': {
    severity: 'medium',
    title: 'An archive holds a link',
    meaning: 'Members that are unpacked later may be written through it.',
    hint: 'unpack with a tool that refuses links, or ask for an archive without them',
  },
  'archive-link-outside': {
    severity: 'high',
    title: 'An archive holds a link that leads outside it',
    meaning: 'Reading or writing through it after unpacking touches files elsewhere.',
    hint: rebuild,
  },
  'archive-device': {
    severity: 'high',
    title: 'An archive holds a device, a pipe or another special file',
    meaning: 'Reading it may never end; writing to it may damage the system.',
    hint: rebuild,
  },
  'archive-bomb': {
    severity: 'high',
    title: 'An archive inflates to far more than is plausible',
    meaning: 'Unpacking or loading it fills memory or disk.',
    hint: rebuild,
  },
  'archive-nesting': {
    severity: 'high',
    title: 'Archives lie within archives, too deep to look into',
    meaning: 'Ordinary files do not nest so deep; bombs and attempts to hide do.',
    hint: rebuild,
  },
  'archive-duplicate-name': {
    severity: 'high',
    title: 'An archive holds a name twice',
    meaning: 'Which of the two counts differs between tools, so that a check may see the other one.',
    hint: rebuild,
  },
  'archive-inconsistent': {
    severity: 'high',
    title: 'The directory of an archive and its members disagree',
    meaning: 'One tool sees one content, another tool the other: a known way past scanners.',
    hint: rebuild,
  },
  'archive-hidden-member': {
    severity: 'high',
    title: 'An archive holds a member that its directory does not list',
    meaning: 'Tools that read from the start find it, tools that read the directory do not.',
    hint: rebuild,
  },
  'archive-checksum': {
    severity: 'medium',
    title: 'The checksum of an archive member is wrong',
    meaning: 'The file is damaged or was changed by hand. Loaders that skip the check load it all the same.',
    hint: resave,
  },
  'archive-encrypted': {
    severity: 'medium',
    title: 'An archive member is marked as encrypted',
    meaning: 'It can not be inspected, or the mark is false and only meant to stop scanners.',
    hint: 'ask for the file without encryption',
  },
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
  'native-code': {
    severity: 'medium',
    title: 'A program or native library lies beside the models',
    meaning: 'It was not inspected; it runs if something loads it.',
    hint: 'find out what it is for and where it comes from',
  },
  'script-file': {
    severity: 'info',
    title: 'A script or notebook lies beside the models',
    meaning: 'It runs if someone runs it, or if a loader imports it.',
    hint: 'read it before you run it',
  },
  'savedmodel-custom-operator': {
    severity: 'medium',
    title: 'A TensorFlow graph needs operators that are not part of TensorFlow',
    meaning: 'Whoever loads it must first load a native library for them.',
    hint: 'find out where the library comes from; if you trust it, name the operator with --allow tf.NAME',
  },
  'link-outside': {
    severity: 'medium',
    title: 'A link leads outside the folder',
    meaning: 'Links are not followed, so what it leads to was not inspected.',
    hint: 'scan what it leads to, or copy it here',
  },
} as const satisfies Readonly<Record<string, Rule>>

export type RuleId = keyof typeof rules

/** From the worst down. */
export const severities: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'info']

/** Whether `severity` is `least` or worse. */
export const atLeast = (severity: Severity, least: Severity): boolean =>
  severities.indexOf(severity) <= severities.indexOf(least)
