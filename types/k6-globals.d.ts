/**
 * What k6's engine (2.2.0 or later) has beyond ES2022 and `@types/k6` does not declare. Only lib/k6
 * may lean on it, but for `TextEncoder`, which Node.js has too; named here one by one, since `lib: DOM`
 * would promise much that the engine lacks.
 */
declare class TextDecoder {
  constructor(encoding?: 'utf-8' | 'utf-16le')
  decode(data: Uint8Array | ArrayBuffer, options?: { stream?: boolean }): string
}

declare class TextEncoder {
  encode(text: string): Uint8Array
}

declare function setTimeout(fn: () => void, ms: number): number
declare function clearTimeout(handle: number): void

declare const console: {
  log(...values: unknown[]): void
  warn(...values: unknown[]): void
  error(...values: unknown[]): void
}
