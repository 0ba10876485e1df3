import type { Row } from '../../rows.ts'
import { chunking } from './chunking.ts'
import { lengths } from './lengths.ts'
import { fields, statusLines, behind } from './heads.ts'

/** HTTP/1.1, in every wire format. */
export const httpRows: readonly Row[] = [
  ...chunking,
  ...lengths,
  ...fields,
  ...statusLines,
  ...behind,
]
