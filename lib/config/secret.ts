import type { Secret } from './types.ts'

/**
 * Wraps a text so that string conversion, JSON and property enumeration show `***`.
 *
 * @param text the secret
 * @returns its holder; the text lives in a closure, so no walk over properties finds it
 */
export function createSecret(text: string): Secret {
  const masked = () => '***'
  return Object.freeze({ reveal: () => text, toString: masked, toJSON: masked })
}
