import { BUILTIN_DATA } from './builtin-data.ts'
import { parseDataset } from './dataset.ts'
import type { DatasetRow } from './dataset-row.ts'

/** The project's own small sets (data/prompts), in every bundle: about 34 KB in all. */
export type BuiltinSet = keyof typeof BUILTIN_DATA

export const BUILTIN_SETS = /* @__PURE__ */ Object.keys(BUILTIN_DATA) as readonly BuiltinSet[]

/**
 * Rows of one of the project's own sets, for `promptsOf`.
 * @param names sets to join; `quiz` and `rag` have expected answers
 */
export function builtinRows(...names: readonly BuiltinSet[]): DatasetRow[] {
  return names.flatMap((name) => {
    const { rows, problems } = parseDataset(BUILTIN_DATA[name](), `${name}.jsonl`)
    if (problems.length > 0) throw new Error(problems.join('\n'))
    return rows
  })
}
