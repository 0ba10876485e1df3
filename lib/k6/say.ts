import exec from 'k6/execution'
import { maskUrls, printable } from '../safe-text/index.ts'

/**
 * All that this project writes to k6's log, records apart. Messages quote servers and files, and with
 * `--log-format raw` k6 writes them to the terminal as they are.
 */
const shown = (message: string) => printable(maskUrls(message))

export function inform(message: string): void {
  console.info(shown(message))
}

export function warn(message: string): void {
  console.warn(shown(message))
}

export function complain(message: string): void {
  console.error(shown(message))
}

/** Ends k6 with exit code 108. The script is interrupted only at its next step. */
export function stop(message: string): void {
  exec.test.abort(shown(message))
}
