/**
 * Begins and ends a summary inside what k6 prints: "record separator", which no text holds (all that is shown was
 * made printable). So a program that runs k6 can put its own report in the summary's place, and show what the
 * script itself wrote.
 */
const FRAME = '\u001e'

/** Asks the script for the frame. */
export const FRAMED_ENVIRONMENT = { K6_INFERENCE_SUMMARY: 'framed' } as const

type Env = Readonly<Record<string, string | undefined>>

/** Whether the environment asks for the frame: the command-line program runs k6. */
export function isFramed(env: Env): boolean {
  return env['K6_INFERENCE_SUMMARY'] === 'framed'
}

/** A summary with its frame around it, where the environment asks for one. */
export function framed(text: string, env: Env): string {
  return isFramed(env) ? FRAME + text + FRAME : text
}

/**
 * Parts what k6 prints into the summary and all else, piece by piece as it comes.
 * @param other takes what is not the summary, at once
 */
export function summaryApart(other: (text: string) => void) {
  let summary = ''
  let inside = false
  return {
    feed(text: string): void {
      text.split(FRAME).forEach((part, i) => {
        if (i > 0) inside = !inside
        if (inside) summary += part
        else if (part !== '') other(part)
      })
    },
    /** The summaries so far, without their frames. */
    summary: () => summary,
  }
}
