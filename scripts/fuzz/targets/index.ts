import { files } from './files.ts'
import { http } from './http.ts'
import { ndjson, sse } from './events.ts'
import { streams, wholeAnswers } from './streams.ts'
import type { Target } from './types.ts'

export type { Target }

/** Everything of the project that reads what comes from outside. */
export const TARGETS: readonly Target[] = [http, sse, ndjson, ...streams, wholeAnswers, ...files]
