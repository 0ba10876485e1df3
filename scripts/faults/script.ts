/** What a server sends in answer to one request, byte by byte as it likes. */
export interface Script {
  steps: readonly Step[]
  /** When the answer's first and last token are written, ms since the request; undefined: no token. */
  firstTokenMs: number | undefined
  lastTokenMs: number | undefined
}

/** Not before `atMs` since the request was whole: bytes (a character each, 0-255), or an end of the connection. */
export type Step = { atMs: number; bytes: string } | { atMs: number; ends: 'close' | 'reset' }

/** Where no step ends the connection, it stays open for the next request. */
export function script(
  steps: readonly Step[],
  times: { firstTokenMs?: number | undefined; lastTokenMs?: number | undefined } = {},
): Script {
  return { steps, firstTokenMs: times.firstTokenMs, lastTokenMs: times.lastTokenMs }
}
