import { readFileSync } from 'node:fs'
import { isObject } from './body.ts'

/** A question that the server knows the right answer to. */
export interface KnownAnswer {
  question: string
  answer: string
}

/**
 * Reads right answers: JSON lines with `question` or `prompt`, and `expected` or `answer`, of several the first.
 * @throws RangeError that names the file, and the line
 */
export function readAnswers(file: string): KnownAnswer[] {
  const lines = textOf(file).split('\n')
  return lines.flatMap((line, i) => {
    if (line.trim() === '') return []
    const row = valueOf(line, `${file} line ${i + 1}`)
    const { question, prompt, expected, answer } = isObject(row) ? row : {}
    const [asked, given] = [question ?? prompt, expected ?? answer]
    const first: unknown = Array.isArray(given) ? given[0] : given
    if (typeof asked === 'string' && (typeof first === 'string' || typeof first === 'number')) {
      return [{ question: asked, answer: String(first) }]
    }
    // Rows without a right answer in words, as those with a schema.
    if (typeof asked === 'string') return []
    throw new RangeError(`${file} line ${i + 1}: neither question nor prompt is a text`)
  })
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new RangeError(`${file}: cannot be read: ${(error as Error).message}`)
  }
}

function valueOf(line: string, where: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    throw new RangeError(`${where}: is not JSON`)
  }
}
