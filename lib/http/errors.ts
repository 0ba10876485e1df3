/** What can be wrong with an answer as HTTP/1.1; `cut` = the connection ended within the answer. */
export type HttpErrorType =
  | 'status_line'
  | 'header'
  | 'header_too_large'
  | 'content_length'
  | 'transfer_encoding'
  | 'content_encoding'
  | 'chunk'
  | 'body_too_large'
  | 'cut'

export class HttpError extends Error {
  readonly type: HttpErrorType
  constructor(type: HttpErrorType, message: string) {
    super(message)
    this.name = 'HttpError'
    this.type = type
  }
}

/**
 * Refuses what is longer than it may be.
 *
 * @param what of the message, with its verb: `head is`
 */
export function mustFit(type: HttpErrorType, what: string, bytes: number, mostBytes: number): void {
  if (bytes > mostBytes) throw new HttpError(type, `${what} longer than ${mostBytes} bytes`)
}
