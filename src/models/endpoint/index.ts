export { shownUrl } from './address.ts'
export type { Repeated } from './asker.ts'
export { type EndpointModel, type EndpointOptions, openEndpoint } from './endpoint.ts'
