import type { JudgedItem } from '../../lib/judge/index.ts'
import type { AnswerRecord, RecordSink, RequestRecord } from '../../lib/records/index.ts'
import { onlySeen } from '../../lib/runs/index.ts'
import { findRun } from './find.ts'
import { inOrder } from './pods.ts'
import { lastEnd, readRecords } from './records.ts'

/**
 * The answers that a run kept (KEEP_ANSWERS), of completed requests of the measured phases.
 * @throws InputError, beginning with a file (and line), for input that cannot be used
 */
export async function readAnswers(given: string): Promise<JudgedItem[]> {
  const { records } = await findRun([given])
  const items: JudgedItem[] = []
  for (const file of await inOrder(records)) {
    const answers = new Map<string, AnswerRecord>()
    await feed(file, { onRequest() {}, onAnswer: (answer) => void answers.set(answer.id, answer) })
    if (answers.size === 0) continue
    // A second time, as a run has far more requests than kept answers.
    await feed(file, {
      onRequest(request) {
        const answer = answers.get(request.id)
        if (answer !== undefined && request.measured && request.outcome === 'completed') {
          items.push(itemOf(request, answer))
        }
      },
    })
  }
  return items
}

async function feed(file: string, sink: Omit<RecordSink, 'onProblem'>): Promise<void> {
  const decided = (await lastEnd(file))?.decided
  const all = { ...sink, onProblem() {} }
  await readRecords(file, decided === undefined ? all : onlySeen(all, decided))
}

function itemOf({ id, phase, app, endpoint, turn }: RequestRecord, of: AnswerRecord): JudgedItem {
  const calls = of.toolCalls?.map((call) => `[calls ${call.name} with ${call.arguments}]`) ?? []
  return {
    id,
    prompt: of.prompt,
    answer: [of.answer, ...calls].filter((text) => text !== '').join('\n'),
    expected: of.expected ?? [],
    cut: (of.promptCut ?? 0) + (of.answerCut ?? 0) > 0,
    labels: {
      phase,
      app,
      ...(endpoint !== undefined && { endpoint }),
      ...(turn !== undefined && { turn }),
    },
  }
}
