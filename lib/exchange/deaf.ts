import type { ConnectionEvents } from './types.ts'

/** Listens to nothing: for a connection that no request is on. */
export const DEAF: ConnectionEvents = { onData() {}, onError() {}, onClose() {} }
