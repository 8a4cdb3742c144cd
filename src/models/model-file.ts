import { readFile, stat } from 'node:fs/promises'
import { extname } from 'node:path'
import { BartizanError, isBartizanError } from '../base/errors.ts'

const exportHints: Readonly<Record<string, string>> = {
  '.pt': 'torch.onnx.export(model.eval(), example_input, "model.onnx", dynamic_axes={"input": {0: "batch"}})',
  '.pth': 'torch.onnx.export(model.eval(), example_input, "model.onnx", dynamic_axes={"input": {0: "batch"}})',
  '.pkl': 'for scikit-learn: skl2onnx.to_onnx(model, X[:1], options={"zipmap": False})',
  '.pickle': 'for scikit-learn: skl2onnx.to_onnx(model, X[:1], options={"zipmap": False})',
  '.joblib': 'for scikit-learn: skl2onnx.to_onnx(model, X[:1], options={"zipmap": False})',
  '.h5': 'python -m tf2onnx.convert --keras model.h5 --output model.onnx',
  '.keras': 'model.export("model.onnx", format="onnx")',
  '.pb': 'python -m tf2onnx.convert --saved-model folder --output model.onnx',
  '.safetensors': 'load the weights into the network they belong to, then torch.onnx.export(...)',
  '.tflite': 'python -m tf2onnx.convert --tflite model.tflite --output model.onnx',
}

/** ONNX files above this can't exist: protobuf stops at 2 GiB; larger weights lie beside the file. */
const largestFile = 2 ** 31

/**
 * The bytes of a model file. Throws MODEL_FORMAT_UNSUPPORTED, with a way to export, for formats that can run code;
 * FILE_NOT_FOUND, FILE_UNREADABLE, MODEL_CORRUPT.
 */
export const readModelFile = async (path: string): Promise<Uint8Array> => {
  const hint = exportHints[extname(path).toLowerCase()]
  if (hint)
    throw new BartizanError(
      'MODEL_FORMAT_UNSUPPORTED',
      `${path} is not ONNX, and formats that can run code are never loaded`,
      {
        hint: `export it to ONNX: ${hint}`,
      },
    )
  try {
    const info = await stat(path)
    if (!info.isFile())
      throw new BartizanError('FILE_UNREADABLE', `${path} is not a plain file`, { hint: 'name the .onnx file itself' })
    const { size } = info
    if (size > largestFile)
      throw new BartizanError('MODEL_CORRUPT', `${path} has ${size} bytes; an ONNX file has at most 2 GiB`)
    return await readFile(path)
  } catch (error) {
    if (isBartizanError(error)) throw error
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT'
    throw new BartizanError(
      missing ? 'FILE_NOT_FOUND' : 'FILE_UNREADABLE',
      `can't read the model ${path}: ${(error as Error).message}`,
      {
        cause: error,
      },
    )
  }
}
