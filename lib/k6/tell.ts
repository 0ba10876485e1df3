import { SharedArray } from 'k6/data'
import { warn } from './say.ts'

/**
 * Logs lines once per process, before any load: k6 loads a script anew for each VU, but makes a shared
 * list once. While the first script loads, the log goes to the terminal even with `--console-output`.
 */
export function tellOnce(lines: () => readonly string[]): void {
  const told = () => {
    for (const line of lines()) warn(line)
    return []
  }
  void new SharedArray('told before the load', told)
}
