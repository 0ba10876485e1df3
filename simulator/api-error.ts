/** An answer with an HTTP error status. */
export class ApiError extends Error {
  readonly status: number
  readonly type: string
  readonly code: string | undefined
  readonly param: string | undefined
  readonly headers: Record<string, string>

  constructor(
    status: number,
    message: string,
    more: {
      type?: string
      code?: string
      param?: string
      headers?: Record<string, string>
    } = {},
  ) {
    super(message)
    this.status = status
    this.type = more.type ?? (status < 500 ? 'invalid_request_error' : 'server_error')
    this.code = more.code
    this.param = more.param
    this.headers = more.headers ?? {}
  }
}

/** A 400 about one field. */
export function badField(param: string, message: string): ApiError {
  return new ApiError(400, message, { param })
}
