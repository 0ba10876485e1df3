import { SharedArray } from 'k6/data'

/**
 * Logs lines once a process, before any load: k6 loads a script anew for each VU, but makes a shared
 * list once. While the first script is loaded the log is the terminal's, `--console-output` or not.
 */
export function tellOnce(lines: () => readonly string[]): void {
  const told = () => {
    for (const line of lines()) console.warn(line)
    return []
  }
  void new SharedArray('told before the load', told)
}
