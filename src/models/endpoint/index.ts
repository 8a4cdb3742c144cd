export { shownUrl } from './address.ts'
export { type EndpointModel, type EndpointOptions, openEndpoint } from './endpoint.ts'
