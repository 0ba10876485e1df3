import type { PrefixIds, Trace } from './types.ts'

/** Sizes that engines use; of several that fit, the first is taken: Mooncake's 512, then vLLM's 16. */
const USUAL = [512, 16, 32, 64, 128, 256, 1024, 2048]
/** Share of the rows that a size has to explain: logs have cut rows. */
const ENOUGH = 0.9

/**
 * Tokens in a block, from how many ids stand beside how many input tokens: all blocks are counted,
 * or the full ones only. Undefined where no usual size explains the rows.
 * @param first the size to take where it fits as well as others
 */
export function blockSizeOf(
  trace: Pick<Trace, 'rows' | 'inputTokens'> & { prefixIds: PrefixIds },
  first = 512,
): number | undefined {
  const { rows, inputTokens, prefixIds } = trace
  const fits = (size: number): boolean => {
    let judged = 0
    let explained = 0
    for (let row = 0, from = 0; row < rows; row++) {
      const end = prefixIds.ends[row] as number
      const ids = end - from
      from = end
      if (ids === 0) continue
      judged++
      const blocks = (inputTokens[row] as number) / size
      if (ids === Math.ceil(blocks) || ids === Math.floor(blocks)) explained++
    }
    return judged > 0 && explained >= judged * ENOUGH
  }
  return [first, ...USUAL].find(fits)
}
