import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { AnswerRecord } from '../../../lib/records/index.ts'
import { madeUpRecords } from '../../support/made-up-records.ts'

/**
 * Writes the records of a run of 100 measured requests of two applications, of which some kept their texts.
 * @param textOf the answer to the n-th kept request
 * @returns its folder
 */
export function keptRun(
  folder: string,
  kept: number,
  textOf: (n: number) => string = (n) => `answer ${n}`,
): string {
  let left = kept
  const lines = madeUpRecords({ apps: ['chat', 'rag'] }).flatMap((record) => {
    if (record.record !== 'request' || !record.measured || left === 0) return [record]
    const n = kept - left--
    const texts = { prompt: `question ${n}`, answer: textOf(n), expected: [`reference ${n}`] }
    const answer: AnswerRecord = { v: 1, record: 'answer', id: record.id, ...texts }
    return [record, answer]
  })
  mkdirSync(folder, { recursive: true })
  const file = path.join(folder, 'requests.jsonl')
  writeFileSync(file, lines.map((line) => JSON.stringify(line)).join('\n') + '\n')
  return folder
}
