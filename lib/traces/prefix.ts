/**
 * The text of a prompt whose blocks are known by their ids: equal ids give equal text, so requests
 * that shared blocks on the original server share a prefix here, and its cache is hit as there.
 *
 * A block has `blockTokens`; the last one has what is left of `inputTokens`. Tokens that no id
 * covers are the request's own: `ownText` of them is appended (a trace's ids may stop short). What
 * the ids cover beyond `inputTokens` (a prompt that was clipped) is left out.
 * @param blockText deterministic text of about so many tokens for a block; the text of fewer tokens
 *   of the same id must be the beginning of that of more, or a cut block hits nothing
 */
export function prefixText(
  prefixIds: readonly number[],
  inputTokens: number,
  blockTokens: number,
  blockText: (id: number, tokens: number) => string,
  ownText: (tokens: number) => string,
): string {
  const parts: string[] = []
  let left = inputTokens
  for (const id of prefixIds) {
    if (left <= 0) break
    parts.push(blockText(id, Math.min(left, blockTokens)))
    left -= blockTokens
  }
  if (left > 0) parts.push(ownText(left))
  return parts.join(' ')
}
