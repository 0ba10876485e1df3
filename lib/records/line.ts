import { printable } from '../safe-text/index.ts'

/** A record as its line. Records may go to a terminal, where some control characters act that JSON may hold as they are. */
export function recordText(record: object): string {
  return printable(JSON.stringify(record))
}
