import { MAX_LINE_CHARS } from './lines.ts'

/**
 * JSON objects that stand in one array, or one after another over several lines (pretty-printed),
 * from text in pieces of any length: each is handed on as its text. The array is never held, and may
 * be one line of any length.
 * @param onObject text of an object and the number of its first line
 * @param onBad line and what is wrong; after it nothing more is read
 * @param firstLine number of the line that the text begins with
 */
export function jsonValues(
  onObject: (text: string, line: number) => void,
  onBad: (line: number, what: string) => void,
  firstLine = 1,
) {
  let line = firstLine
  let depth = 0
  let inText = false
  let escaped = false
  let inArray = false
  let closed = false
  let bad = false
  let held: string[] = []
  let chars = 0
  let objectLine = 0

  const fail = (at: number, what: string) => {
    bad = true
    held = []
    onBad(at, what)
  }
  /** @returns where the object ends in this piece, undefined when it goes on */
  const objectEnd = (piece: string, from: number): number | undefined => {
    const structure = /["{}\\\n]/g
    structure.lastIndex = from + (escaped ? 1 : 0)
    escaped = false
    for (let found = structure.exec(piece); found !== null; found = structure.exec(piece)) {
      const mark = found[0]
      if (mark === '\\') {
        escaped = structure.lastIndex === piece.length
        structure.lastIndex++
      } else if (mark === '\n') line++
      else if (mark === '"') inText = !inText
      else if (!inText) {
        depth += mark === '{' ? 1 : -1
        if (depth === 0) return structure.lastIndex
      }
    }
    return undefined
  }
  /** Steps over what stands between objects; the next object's place, or undefined. */
  const nextObject = (piece: string, from: number): number | undefined => {
    for (let at = from; at < piece.length; at++) {
      const mark = piece[at] as string
      if (mark === '{' && !closed) return at
      if (mark === '\n') line++
      else if (mark === '[' && !inArray && !closed) inArray = true
      else if (mark === ']' && inArray) {
        inArray = false
        closed = true
      } else if (!' \t\r,\ufeff'.includes(mark)) {
        fail(line, 'a JSON object is needed here')
        return undefined
      }
    }
    return undefined
  }

  return {
    feed(piece: string) {
      let at = 0
      while (!bad) {
        if (depth === 0) {
          const next = nextObject(piece, at)
          if (next === undefined) return
          at = next
          objectLine = line
        }
        const end = objectEnd(piece, at)
        const part = piece.slice(at, end)
        held.push(part)
        chars += part.length
        if (chars > MAX_LINE_CHARS)
          return fail(objectLine, `a JSON object of more than ${MAX_LINE_CHARS} characters`)
        if (end === undefined) return
        const text = held.length === 1 ? part : held.join('')
        held = []
        chars = 0
        at = end
        onObject(text, objectLine)
      }
    },
    end() {
      if (bad) return
      if (depth > 0) fail(objectLine, 'a JSON object that is never closed')
      else if (inArray) fail(line, 'a JSON array that is never closed: is the file cut short?')
    },
    /** Lines seen so far. */
    count: () => line,
  }
}

/** Whether a file is an array, by its first piece that is not blank. */
export function beginsArray(piece: string): boolean {
  return /^\s*\[/.test(piece.slice(0, 1000))
}

/** Whether a file's first line begins an object that goes on in the lines after it. */
export function beginsJsonValues(line: string): boolean {
  const text = line.trim()
  return text === '{' || (text.startsWith('{') && /[{[,]$/.test(text))
}
