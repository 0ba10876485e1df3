export { askIn, headersOf } from './ask.ts'
export { socketOptions } from './socket-options.ts'
export type { SocketOptions } from './transport.ts'
export { createNodeTransport } from './transport.ts'
