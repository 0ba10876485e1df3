import { SharedArray } from 'k6/data'
import { inform, warn } from './say.ts'

/**
 * Logs lines once per process, before any load: k6 loads a script anew for each VU, but makes a shared
 * list once. While the first script loads, the log goes to the terminal even with `--console-output`.
 */
export function tellOnce(
  lines: () => { warnings: readonly string[]; info: readonly (string | undefined)[] },
): void {
  const told = () => {
    const { warnings, info } = lines()
    for (const line of warnings) warn(line)
    for (const line of info) if (line !== undefined) inform(line)
    return []
  }
  void new SharedArray('told before the load', told)
}
