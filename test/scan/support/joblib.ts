import { bytes } from './bytes.ts'
import { calling, instance, p } from './pickle.ts'

/** A pickle in which joblib has put the raw bytes of an array of two float64; `after` follows them. */
export function joblibArray(after: Uint8Array, data: Uint8Array = new Uint8Array(16)): Uint8Array {
  const dtype = bytes(
    calling('numpy', 'dtype', 'f8'),
    p.mark,
    p.int(3),
    p.text('<'),
    p.none,
    p.none,
    p.none,
    p.longInt(-1),
    p.longInt(-1),
    p.int(0),
    p.tuple,
    p.build,
  )
  return bytes(p.proto(4), wrapper(dtype, bytes(p.int(2), p.tuple1)), 3, 0xff, 0xff, 0xff, data, after, p.stop)
}

/** The same for an array of objects, whose data are a pickle of their own. */
export function joblibObjects(inner: Uint8Array): Uint8Array {
  return bytes(p.proto(4), wrapper(calling('numpy', 'dtype', 'O8'), bytes(p.int(1), p.tuple1)), inner, p.stop)
}

function wrapper(dtype: Uint8Array, shape: Uint8Array): Uint8Array {
  const state = bytes(
    p.emptyDict,
    p.mark,
    p.text('subclass'),
    p.text('numpy'),
    p.text('ndarray'),
    p.stackGlobal,
    p.text('shape'),
    shape,
    p.text('order'),
    p.text('C'),
    p.text('dtype'),
    dtype,
    p.text('allow_mmap'),
    bytes(0x88),
    p.text('numpy_array_alignment_bytes'),
    p.int(16),
    p.setItems,
  )
  return instance('joblib.numpy_pickle', 'NumpyArrayWrapper', state)
}
