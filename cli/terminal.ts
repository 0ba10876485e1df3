import { maskUrls, printable } from '../lib/safe-text/index.ts'

/** Where a command writes: results to `out`, everything else to `note`. */
export interface Terminal {
  out(text: string): void
  note(text: string): void
  /** Someone looks at what goes to `out`; undefined for pipes, files and logs. */
  screen?: Screen | undefined
}

export interface Screen {
  /** Width in characters. */
  columns: number
  /** Whether colours are wanted: not with NO_COLOR (https://no-color.org). */
  color: boolean
  /** Writes text of which each part was made printable: colour codes stay what they are. */
  paint(text: string): void
  /** Redraws the one line that changes, plain text; '' takes it away, as all other writing does. */
  live(line: string): void
}

/** Width of text for nobody's screen. */
const PLAIN_COLUMNS = 100

/** Writes a result as wide and as colourful as its reader sees it. */
export function show(
  { out, screen }: Terminal,
  render: (options: { width: number; color: boolean }) => string,
): void {
  if (screen === undefined) out(render({ width: PLAIN_COLUMNS, color: false }))
  else screen.paint(render({ width: screen.columns, color: screen.color }))
}

const [CLEAR_LINE, HIDE_CURSOR, SHOW_CURSOR] = ['\r\u001b[K', '\u001b[?25l', '\u001b[?25h']

/**
 * This process's own output. Texts of servers and files are in it, so control characters become visible escapes
 * (JSON keeps its meaning). Notes quote what was typed, so addresses lose their passwords.
 */
export const TERMINAL: Terminal = ownTerminal()

function ownTerminal(): Terminal {
  const { stdout, stderr, env } = process
  let drawn = false
  const live = (line: string) => {
    if (line === '') return clear()
    if (!drawn) process.once('exit', clear)
    drawn = true
    stderr.write(`${CLEAR_LINE}${HIDE_CURSOR}${printable(line)}`)
  }
  const clear = () => {
    if (!drawn) return
    drawn = false
    process.off('exit', clear)
    stderr.write(`${CLEAR_LINE}${SHOW_CURSOR}`)
  }
  return {
    out(text) {
      clear()
      stdout.write(printable(text))
    },
    note(text) {
      clear()
      stderr.write(printable(maskUrls(text)))
    },
    get screen() {
      // A line can be redrawn only where both streams go to the same screen.
      if (!stdout.isTTY || !stderr.isTTY || env['TERM'] === 'dumb') return undefined
      const paint = (text: string) => {
        clear()
        stdout.write(text)
      }
      return { columns: stdout.columns, color: !env['NO_COLOR'], paint, live }
    },
  }
}
