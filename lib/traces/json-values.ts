import { MAX_LINE_CHARS } from './lines.ts'

/**
 * JSON objects that stand in one array, or one after another over several lines (pretty-printed),
 * from the lines of a file: each is handed on as its text. The array itself is never held.
 * @param onObject text of an object and the number of its first line
 * @param onBad line and what is wrong; after it nothing more is read
 */
export function jsonValues(
  onObject: (text: string, line: number) => void,
  onBad: (line: number, what: string) => void,
) {
  let depth = 0
  let inText = false
  let inArray = false
  let closed = false
  let bad = false
  let held: string[] = []
  let chars = 0
  let firstLine = 0

  const fail = (line: number, what: string) => {
    bad = true
    held = []
    onBad(line, what)
  }
  /** @returns where the object ends on this line, undefined when it goes on */
  const objectEnd = (line: string, from: number): number | undefined => {
    const structure = /["{}\\]/g
    structure.lastIndex = from
    for (let found = structure.exec(line); found !== null; found = structure.exec(line)) {
      const mark = found[0]
      if (mark === '\\') structure.lastIndex++
      else if (mark === '"') inText = !inText
      else if (!inText) {
        depth += mark === '{' ? 1 : -1
        if (depth === 0) return structure.lastIndex
      }
    }
    return undefined
  }
  /** Steps over what stands between objects; the next object's place, or undefined. */
  const nextObject = (line: string, from: number, number: number): number | undefined => {
    for (let at = from; at < line.length; at++) {
      const mark = line[at] as string
      if (mark === '{' && !closed) return at
      if (mark === '[' && !inArray && !closed) inArray = true
      else if (mark === ']' && inArray) {
        inArray = false
        closed = true
      } else if (mark !== ' ' && mark !== '\t' && mark !== ',' && mark !== '\ufeff') {
        fail(number, 'a JSON object is needed here')
        return undefined
      }
    }
    return undefined
  }

  return {
    line(line: string, number: number) {
      let at = 0
      while (!bad) {
        if (depth === 0) {
          const next = nextObject(line, at, number)
          if (next === undefined) return
          at = next
          firstLine = number
        }
        const end = objectEnd(line, at)
        const part = line.slice(at, end)
        held.push(part)
        chars += part.length
        if (chars > MAX_LINE_CHARS)
          return fail(firstLine, `a JSON object of more than ${MAX_LINE_CHARS} characters`)
        if (end === undefined) return
        const text = held.length === 1 ? part : held.join('\n')
        held = []
        chars = 0
        at = end
        onObject(text, firstLine)
      }
    },
    end() {
      if (bad) return
      if (depth > 0) fail(firstLine, 'a JSON object that is never closed')
      else if (inArray) fail(firstLine, 'a JSON array that is never closed: is the file cut short?')
    },
  }
}

/** Whether a file's first line begins an array, or an object that goes on in the lines after it. */
export function beginsJsonValues(line: string): boolean {
  const text = line.trim()
  if (text.startsWith('[')) return true
  return text === '{' || (text.startsWith('{') && /[{[,]$/.test(text))
}
