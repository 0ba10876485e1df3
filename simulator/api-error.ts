/** An answer with an HTTP error status and OpenAI's error body. */
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

  /** `{"error": {message, type, param, code}}` */
  body(): string {
    return JSON.stringify({
      error: {
        message: this.message,
        type: this.type,
        param: this.param ?? null,
        code: this.code ?? null,
      },
    })
  }
}

/** A 400 about one field. */
export const badField = (param: string, message: string): ApiError =>
  new ApiError(400, message, { param })
