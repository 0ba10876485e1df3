import type { AnswerRecord, AnyRecord, RequestRecord } from '../../lib/records/index.ts'
import { answer, headOf, PHASES, recordOf } from './records.ts'

/** What breaks out of HTML, scripts and attributes, and turns text around, where it is not escaped. */
export const HOSTILE =
  '</script></pre><img src=x onerror=alert(1)>"\'><script>alert(2)</script><!-- \u202e \u0000 &lt; ${alert(3)}'

/** A request that the texts are of. */
export function request(
  id: string,
  change: Partial<RequestRecord> = {},
  ttftMs = 100,
  atMs = 3_000,
): RequestRecord {
  return { ...recordOf(id, answer(atMs, ttftMs, 10, 5)), ...change }
}

/** A grade that did not pass, by a grader of partial scores. */
export function wrong(score = 0): NonNullable<RequestRecord['grades']> {
  return [{ grader: 'number', score, passed: false, reason: 'wrong' }]
}

export function texts(id: string, change: Partial<AnswerRecord> = {}): AnswerRecord {
  return {
    v: 1,
    record: 'answer',
    id,
    prompt: `Question ${id}?`,
    answer: `Answer ${id}.`,
    ...change,
  }
}

export function runWith(records: readonly AnyRecord[]): AnyRecord[] {
  return [headOf(PHASES), ...records, { v: 1, record: 'end', atMs: 12_000 }]
}

/** A run of which every second answer was kept: some wrong, some failed, one hostile in every field. */
export function keptRun(requests = 60): AnyRecord[] {
  const records = Array.from({ length: requests }, (_, i): AnyRecord[] => {
    const id = `main-${i}`
    const grades =
      i % 6 === 0
        ? wrong((i + 1) / 1000)
        : [{ ...wrong()[0]!, score: 1, passed: true, reason: 'ok' }]
    const own =
      i % 10 === 4
        ? request(id, {
            outcome: 'http_error',
            reason: 'http_503',
            message: HOSTILE.slice(0, 60),
            httpStatus: 503,
          })
        : request(id, { grades }, 100 + i, 3_000 + i * 10)
    return i % 2 === 0 ? [own, texts(id)] : [own]
  })
  const odd = `main-${requests}`
  const hostile: AnyRecord[] = [
    request(odd, { grades: [{ ...wrong()[0]!, where: HOSTILE }], app: HOSTILE }),
    texts(odd, {
      prompt: HOSTILE,
      answer: HOSTILE,
      answerCut: 7,
      toolCalls: [{ name: HOSTILE, arguments: HOSTILE }],
      expected: [HOSTILE],
    }),
  ]
  return runWith([...records.flat(), ...hostile])
}
