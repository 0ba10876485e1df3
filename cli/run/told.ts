import { renderClosing, renderFigures } from '../../lib/report/index.ts'
import type { Report } from '../../lib/results/index.ts'
import { show } from '../command.ts'
import type { Terminal } from '../command.ts'
import { shortest } from '../output/index.ts'
import type { RunOptions } from './options.ts'

/** How runs are told on the terminal. */
export interface Telling {
  /** A line of k6's log. */
  log(line: string): void
  /** One run is over and has left something. */
  end(ended: EndedRun): void
  /** All runs are over. @param folder that holds them */
  over(folder: string): void
}

export interface EndedRun {
  report: Report
  /** Reports that were written. */
  files: readonly string[]
  folder: string
}

/**
 * A run with all its figures; several runs with a closing block each, as their figures are in their folders. For
 * scripts the last line on stdout is the folder; on a screen the closing block names the report.
 */
export function told({ repeat, against }: RunOptions, terminal: Terminal): Telling {
  const single = repeat === 1 && against === undefined
  let last: (() => void) | undefined
  const closing = ({ report, files, folder }: EndedRun) =>
    show(terminal, (options) => renderClosing(report, options, shortest(files[0] ?? folder)))
  return {
    log: (line) => terminal.note(`${line}\n`),
    end(ended) {
      if (!single) return closing(ended)
      show(terminal, (options) => renderFigures(ended.report, options))
      last = () => closing(ended)
    },
    over(folder) {
      last?.()
      if (terminal.screen === undefined || !single) terminal.out(`${folder}\n`)
    },
  }
}
