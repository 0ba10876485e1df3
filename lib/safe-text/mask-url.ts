const SECRET = '***'

/**
 * An address without what may be secret in it: everything before an `@` (a password may hold a slash or
 * another `@`), and each value of its query and fragment. Names of query parameters stay.
 *
 * @param text one address, as someone typed it; it need not be a valid one
 */
export function maskUrl(text: string): string {
  const at = text.search(/[?#]/)
  // An @ behind the query may still belong to a password that holds a "?".
  const [address, extra] =
    at < 0 || text.indexOf('@', at) > 0 ? [text, ''] : [text.slice(0, at), text.slice(at)]
  const host = address.replace(/^([a-z][a-z0-9+.-]*:\/\/)?[\s\S]*@/i, `$1${SECRET}@`)
  return maskQuery(host) + maskQuery(extra)
}

/** With a scheme, or with what looks like user, password and host. It ends at a space, quote or bracket. */
const ADDRESS = /[a-z][a-z0-9+.-]*:\/\/[^\s"'`<>()]*|[^\s"'`<>()=]+:[^\s"'`<>()]*@[^\s"'`<>()]*/gi

/** The same for each address within a text. */
export function maskUrls(text: string): string {
  // Most texts hold none, and the expression costs more than this.
  if (!text.includes('://') && !text.includes('@')) return text
  return text.replace(ADDRESS, maskUrl)
}

/** A parameter without `=` may be a token itself. */
function maskQuery(text: string): string {
  return text.replace(
    /([?#&;])([^?#&;=]*)(=[^?#&;]*)?/g,
    (_, mark: string, name: string, value?: string) =>
      value === undefined ? (name === '' ? mark : mark + SECRET) : `${mark}${name}=${SECRET}`,
  )
}
