import { deflateRawSync, gzipSync } from 'node:zlib'
import { tar, zip } from './archives.ts'
import { bytes, u16, utf8 } from './bytes.ts'
import {
  externalTensor,
  hdf5,
  kerasLayer,
  kerasModel,
  message,
  npy,
  onnx,
  onnxNode,
  safetensors,
  savedModel,
  tfNode,
} from './formats.ts'
import { p, pickle } from './pickle.ts'
import { evilPickle, listed, type Sample } from './sample.ts'

const harmless = pickle(p.emptyDict)

/** An extended header of tar: "length key=value". */
const pax = (key: string, value: string): Uint8Array => {
  const rest = ` ${key}=${value}\n`
  return utf8(`${rest.length + 2}${rest}`)
}

/** A member with an extra field of its own before its data, which the directory does not mention. */
const withLocalExtra = (member: { readonly name: string; readonly data: Uint8Array }): Uint8Array => {
  const plain = zip([member])
  const at = 30 + utf8(member.name).length
  const extra = bytes(u16(0xcafe), u16(12), new Uint8Array(12).fill(0x41))
  const grown = Uint8Array.from(bytes(plain.subarray(0, at), extra, plain.subarray(at)))
  const view = new DataView(grown.buffer)
  view.setUint16(28, extra.length, true)
  view.setUint32(grown.length - 6, view.getUint32(grown.length - 6, true) + extra.length, true)
  return grown
}

/** A Keras function in an HDF5 file of which every object begins with a key that no configuration has. */
const disguised = JSON.stringify({
  note: 0,
  class_name: 'Sequential',
  config: {
    note: 0,
    layers: [{ note: 0, module: 'os', class_name: 'function', config: 'system', registered_name: 'f' }],
  },
})

const evasiveArchives: readonly Sample[] = [
  ...listed('pickle-dangerous-import', 'x.npz', [
    ['npz: objects behind an extra field', withLocalExtra({ name: 'a.npy', data: npy("'|O'", '(1,)', evilPickle) })],
    [
      'npz: objects in a record within a record',
      zip([{ name: 'a.npy', data: npy("[('a', [('b', '|O', (2,))])]", '(1,)', evilPickle) }]),
    ],
    [
      'npz: objects in a member without ending',
      zip([{ name: 'a', data: npy("'O'", '(1,)', evilPickle), deflate: true }]),
    ],
  ]),
  ...listed('pickle-dangerous-import', 'm.pt', [
    [
      'zip: two directories, the first one with the code',
      bytes(zip([{ name: 'a/data.pkl', data: evilPickle }]), zip([{ name: 'a/data.pkl', data: harmless }])),
    ],
    [
      'zip: a pickle in the comment',
      zip([{ name: 'a/data.pkl', data: harmless }], new Uint8Array(0), Buffer.from(evilPickle).toString('latin1')),
    ],
    [
      'zip: a pickle behind the end record',
      bytes(zip([{ name: 'a/data.pkl', data: harmless }]), new Uint8Array(9), evilPickle),
    ],
  ]),
  ...listed('archive-hidden-member', 'm.zip', [
    [
      'zip: a member that only the first of two directories lists',
      bytes(zip([{ name: 'x', data: utf8('hello hello hello') }]), zip([{ name: 'y', data: utf8('y') }])),
    ],
  ]),
  ...listed('archive-link-outside', 'm.tar', [
    ['tar: an absolute hard link', tar([{ name: 'a', type: '1', link: '/etc/passwd' }])],
    [
      'tar: a hard link to the parent by pax',
      tar([
        { name: 'p', type: 'x', data: pax('linkpath', '../../etc/passwd') },
        { name: 'a', type: '1', link: 'b' },
      ]),
    ],
    ['tar: a link of Windows', tar([{ name: 'a', type: '2', link: 'C:\\Windows' }])],
  ]),
  ...listed('archive-path-traversal', 'm.tar', [
    [
      'tar: a path for all members by a global header',
      tar([
        { name: 'g', type: 'g', data: pax('path', '../../../x') },
        { name: 'a', data: utf8('x') },
      ]),
    ],
    [
      'tar: a path by the header of Solaris',
      tar([
        { name: 'X', type: 'X', data: pax('path', '../../../x') },
        { name: 'a', data: utf8('x') },
      ]),
    ],
    [
      'tar: the name of a sparse file',
      tar([
        { name: 'p', type: 'x', data: pax('GNU.sparse.name', '../../../xy') },
        { name: 'a', data: utf8('x') },
      ]),
    ],
  ]),
  ...listed('pickle-dangerous-import', 'm.tgz', [
    ['tar: a pickle in gzip in tar in gzip', gzipSync(tar([{ name: 'inner.pkl.gz', data: gzipSync(evilPickle) }]))],
  ]),
  ...listed('pickle-dangerous-import', 'm.bin', [
    [
      'zip: a member that declares less than it holds',
      zip([
        { name: 'a', data: bytes(utf8('x'), deflateRawSync(evilPickle)), declaredPackedSize: 1 },
        { name: 'b.pkl', data: evilPickle },
      ]),
    ],
  ]),
]

const evasiveModels: readonly Sample[] = [
  ...listed('onnx-external-path', 'm.onnx', [
    ['onnx: a drive', onnx({ tensors: [externalTensor('C:\\secret.bin')] })],
    ['onnx: a drive without a slash', onnx({ tensors: [externalTensor('C:secret.bin')] })],
    ['onnx: a network share', onnx({ tensors: [externalTensor('\\\\server\\share\\w.bin')] })],
    ['onnx: a network share with slashes', onnx({ tensors: [externalTensor('//server/share/w.bin')] })],
    ['onnx: an address', onnx({ tensors: [externalTensor('file:///etc/passwd')] })],
    ['onnx: up the tree from a folder below', onnx({ tensors: [externalTensor('data/../../secret')] })],
    ['onnx: an address in memory', onnx({ tensors: [externalTensor('*/_ORT_MEM_ADDR_/*')] })],
    [
      'onnx: weights in a list of tensors of an attribute',
      onnx({ nodes: [onnxNode('Constant', '', [message([1, 'value'], [10, externalTensor('/etc/shadow')])])] }),
    ],
  ]),
  ...listed('savedmodel-dangerous-op', 'saved_model.pb', [
    [
      'SavedModel: PyFunc in the functions of a second graph',
      bytes(savedModel([tfNode('x', 'Const')]), savedModel([], [tfNode('a', 'PyFuncStateless')])),
    ],
  ]),
  ...listed('savedmodel-custom-operator', 'saved_model.pb', [
    ['SavedModel: an operator of somebody’s own', savedModel([tfNode('a', 'MyOwnGate')])],
  ]),
  ...listed('safetensors-invalid', 'm.safetensors', [
    [
      'safetensors: a name twice, once with an escape',
      safetensors(
        '{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"\\u0061":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}',
        1,
      ),
    ],
    [
      'safetensors: offsets twice',
      safetensors('{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"data_offsets":[0,1]}}', 1),
    ],
  ]),
  ...listed('keras-lambda', 'm.h5', [
    [
      'h5: a Lambda in a second object',
      hdf5(`${kerasModel(kerasLayer('Dense'))}\0\0\0${kerasModel(kerasLayer('Lambda', {}))}`),
    ],
    [
      'h5: a Lambda whose configuration breaks off in another object',
      hdf5('{"class_name": "Model", "config": {"layers": [{"class_name" : "Lambda", "con\0\0\0fig": {}}]}}'),
    ],
  ]),
  ...listed('keras-dangerous-object', 'm.h5', [
    ['h5: objects that begin with a key of no meaning', hdf5(disguised)],
    [
      'h5: keys spelt with escapes',
      hdf5(disguised.replaceAll('class_name', '\\u0063lass_name').replaceAll('"module"', '"\\u006dodule"')),
    ],
  ]),
  ...listed('yaml-python-object', 'm.yaml', [
    ['yaml: a tag written out', utf8('a: !<tag:yaml.org,2002:python/object/apply:os.system> ["id"]\n')],
    [
      'yaml: a tag behind a handle',
      utf8('%TAG !e! tag:yaml.org,2002:python/\n---\na: !e!object/apply:os.system ["id"]\n'),
    ],
    ['yaml: a tag with escapes', utf8('a: !!python%2Fobject/apply:os.system ["id"]\n')],
  ]),
]

/** What somebody who has read the scanner would try with archives and models. */
export const evasiveFiles: readonly Sample[] = [...evasiveArchives, ...evasiveModels]
