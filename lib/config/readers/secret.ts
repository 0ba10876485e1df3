/** A value that prints as `***` everywhere: only `reveal()` gives its text. */
export interface Secret {
  reveal(): string
  toString(): string
  toJSON(): string
}

/**
 * Wraps a text so that string conversion, JSON and property enumeration show `***`.
 *
 * @param text the secret
 * @returns its holder; the text lives in a closure, so walking over properties does not find it
 */
export function createSecret(text: string): Secret {
  const masked = () => '***'
  return Object.freeze({ reveal: () => text, toString: masked, toJSON: masked })
}
