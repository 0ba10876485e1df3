/** A problem that its message explains fully; it is shown without a stack trace. */
export class SetupError extends Error {}

/**
 * @param {unknown} error
 * @returns {string} the error's code (`ENOENT`), '' when it has none
 */
export function codeOf(error) {
  const code = /** @type {{ code?: unknown } | null} */ (error)?.code
  return typeof code === 'string' ? code : ''
}

/** @param {unknown} error */
export function messageOf(error) {
  return error instanceof Error ? error.message : String(error)
}
