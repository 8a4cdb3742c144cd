import './no-telemetry.ts'
import { env } from 'onnxruntime-node'

/** Version of the ONNX Runtime that computes here. */
export const engineVersion = (): string => env.versions.node ?? env.versions.common
