export { createReceipt, type ReceiptRequest } from './create.ts'
export { createEnvelopeReceipt, type EnvelopeReceipt, verifyEnvelopeReceipt } from './envelope-receipt.ts'
export { formatProof, parseProof, proofSuffix, type TlogProof } from './tlog-proof.ts'
export { type ReceiptPolicy, type VerifiedReceipt, verifyReceipt } from './verify.ts'
export {
  type Cosignature,
  cosignaturesOn,
  cosignedMessage,
  createWitness,
  formatWitness,
  parseWitness,
  type Witness,
} from './witness.ts'
