import type { EndpointProtocol } from '../../contract/endpoint.ts'
import { jsonTemplate } from './json-template.ts'
import { mlflow } from './mlflow.ts'
import { openInference } from './open-inference.ts'
import type { MakeProtocol } from './protocol.ts'
import { tensorflowServing } from './tensorflow-serving.ts'

export const protocols: Readonly<Record<EndpointProtocol, MakeProtocol>> = {
  v2: openInference,
  tensorflow: tensorflowServing,
  mlflow,
  json: jsonTemplate,
}
