/** What a reader makes of a variable's text: a value, or the reason why there is none. */
export type Read<T> = { ok: true; value: T } | { ok: false; message: string }

export function value<T>(of: T): Read<T> {
  return { ok: true, value: of }
}

export function refusal(message: string): Read<never> {
  return { ok: false, message }
}
