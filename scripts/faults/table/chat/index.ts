import type { Row } from '../../rows.ts'
import { finishes, choices, errors } from './finishes.ts'
import { usages } from './usages.ts'
import { texts } from './texts.ts'

/** What chat completions say in their frames. */
export const chatRows: readonly Row[] = [...finishes, ...usages, ...texts, ...choices, ...errors]
