import type { InputInfo, Task } from '../contract/index.ts'
import type { DataSet } from '../data/index.ts'
import type { AttackedModel } from '../models/attacked-model.ts'
import type { Classifier } from '../models/classifier.ts'
import type { EndpointModel } from '../models/endpoint/index.ts'
import type { UnitsRequest } from '../threat/attack-request.ts'
import type { Constraints } from '../threat/constraints/constraints.ts'

/** The model and the rows it is measured on, opened and fitting one another. */
export interface Subject<M extends AttackedModel = AttackedModel> {
  readonly model: M
  /** The same where it was read from a file. */
  readonly file?: Classifier
  /** The same where it is behind an API. */
  readonly endpoint?: EndpointModel
  readonly set: DataSet
  readonly input: InputInfo
  /** What the model predicts and when a row is broken. Default: classes. */
  readonly task?: Task
  /** Models of the attacker's own. */
  readonly surrogates?: readonly Classifier[]
  /** What changed rows must keep to. */
  readonly constraints?: Constraints
  /** What budgets are measured in, where that isn't the input's own unit. */
  readonly units?: UnitsRequest
  close(): Promise<void>
}

/** A subject whose model was read from a file. */
export type FileSubject = Subject<Classifier>
