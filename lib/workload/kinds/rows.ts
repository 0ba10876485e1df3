import { holdAnswer } from '../prompts/answer.ts'
import type { DatasetRow } from '../datasets/dataset-row.ts'
import { LENGTHS } from './single.ts'
import { drawLength } from '../lengths.ts'
import { shuffled } from '../order.ts'
import { randomOf } from '../random.ts'
import { nonceText } from '../prompts/synthetic.ts'
import type { Workload, WorkloadConfig } from '../types.ts'

/**
 * Prompts of a data set, in a shuffled order that uses each once before any is repeated.
 *
 * Unless the cache mode is `natural`, each prompt begins with unique words, so that a set that is used
 * several times over still meets a cold prefix cache. Answers are bounded by the row's `maxTokens`, else
 * by the configured length. The answer to a row that knows what is right may end by itself.
 *
 * @param rows a list, or a SharedArray made once for all VUs: one row is read per request
 * @param name app of rows that have none
 */
export function promptsOf(
  config: WorkloadConfig,
  rows: ArrayLike<DatasetRow>,
  name = 'dataset',
): Workload {
  if (rows.length === 0) throw new Error('a data set without rows')
  const cold = (config.cache ?? 'cold') !== 'natural'
  return {
    name,
    wire: 'chat',
    frames: [],
    request(n, context = {}) {
      const row = rows[shuffled(config.load.seed, n, rows.length)]
      if (!row) throw new Error(`the data set has no row for request ${n}`)
      const messages = row.messages.map((m, i) =>
        cold && i === 0
          ? { ...m, content: `${nonceText(config.load.seed, n, context)}.\n\n${m.content}` }
          : m,
      )
      const random = randomOf(config.load.seed, n, LENGTHS)
      const outputTokens = row.maxTokens ?? Math.max(1, drawLength(config.outputTokens, random))
      const holding = row.task === undefined ? config : { ...config, ignoreEos: 'off' as const }
      const request = holdAnswer(
        {
          messages,
          ...(row.tools === undefined ? {} : { tools: row.tools }),
          ...(row.toolChoice === undefined ? {} : { toolChoice: row.toolChoice }),
          ...(row.responseFormat === undefined ? {} : { responseFormat: row.responseFormat }),
        },
        outputTokens,
        holding,
        context,
      )
      return {
        request,
        app: row.app ?? name,
        inputTokens: undefined,
        // Where an answer can be right or wrong, its length is only bounded, not asked for.
        outputTokens: row.task === undefined ? outputTokens : undefined,
        promptId: cold ? `${row.id}#${n}` : row.id,
        ...(row.task === undefined ? {} : { task: row.task }),
      }
    },
  }
}
