/** A line longer than this is not a request of a trace, and holding it would not be bounded. */
export const MAX_LINE_CHARS = 16 * 1024 * 1024

/**
 * Cuts text that comes in pieces into lines without their end (LF or CRLF); a BOM at the very
 * beginning is dropped. What is after the last line end is a line too, unless empty.
 * @param onLine called with each line and its number from 1
 * @param onTooLong called once with the number of a line above `MAX_LINE_CHARS`; it is skipped
 */
export function lineSplitter(
  onLine: (line: string, number: number) => void,
  onTooLong: (number: number) => void,
) {
  let rest = ''
  let number = 0
  let skipping = false
  const emit = (line: string) => {
    number++
    if (skipping) {
      skipping = false
      return
    }
    if (number === 1 && line.charCodeAt(0) === 0xfeff) line = line.slice(1)
    if (line.length > 0 && line.charCodeAt(line.length - 1) === 13) line = line.slice(0, -1)
    onLine(line, number)
  }
  return {
    feed(piece: string) {
      let from = 0
      for (;;) {
        const end = piece.indexOf('\n', from)
        if (end < 0) break
        emit(from === 0 && rest !== '' ? rest + piece.slice(0, end) : piece.slice(from, end))
        rest = ''
        from = end + 1
      }
      if (from < piece.length && !skipping) rest += piece.slice(from)
      if (rest.length > MAX_LINE_CHARS) {
        onTooLong(number + 1)
        skipping = true
        rest = ''
      }
    },
    end() {
      if (rest !== '' || skipping) emit(rest)
      rest = ''
    },
    /** Lines seen so far. */
    count: () => number,
    reset() {
      rest = ''
      number = 0
      skipping = false
    },
  }
}
