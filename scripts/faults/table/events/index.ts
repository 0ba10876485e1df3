import type { Row } from '../../rows.ts'
import { fields } from './fields.ts'
import { noise, unreadable, errors } from './noise.ts'
import { ndjson } from './ndjson.ts'

/** The framing of events, and what stands among them. */
export const eventRows: readonly Row[] = [...fields, ...noise, ...unreadable, ...errors, ...ndjson]
