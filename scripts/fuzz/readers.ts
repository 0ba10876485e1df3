import { InputError } from '../../cli/command.ts'
import { fromLog, type FromLogCounts } from '../../cli/trace/index.ts'
import { loadTrace, parseTrace, type Trace } from '../../lib/traces/index.ts'
import { parseDataset } from '../../lib/workload/index.ts'

/** Every reader of files from outside; each throws where it breaks what it promises. */
export const READERS: Record<string, (text: string) => void | Promise<void>> = {
  trace(text) {
    for (const badRows of ['refuse', 'skip'] as const) {
      const result = parseTrace(text, { badRows })
      if (result.ok) checkTrace(result.trace)
      else if (result.problems.length === 0) throw new Error('refused without a reason')
    }
    loadTrace(text)
  },
  dataset(text) {
    const { rows, problems } = parseDataset(text, 'a.csv')
    if (rows.length === 0 && problems.length === 0) throw new Error('no rows and no problem')
    for (const { messages } of rows) {
      const good = messages.every((message) => typeof message.content === 'string')
      if (messages.length === 0 || !good) throw new Error('a row without messages')
    }
  },
  async log(text) {
    const counts: FromLogCounts = {
      written: 0,
      addedInputs: [],
      skipped: 0,
      problems: [],
      problemCounts: {},
    }
    const options = { fields: {}, prompts: 'drop', durationUnit: 'ms' } as const
    let made = ''
    try {
      for await (const line of fromLog([text], options, counts)) made += line
    } catch (error) {
      if (error instanceof InputError && error.message !== '') return
      throw error
    }
    const back = parseTrace(made)
    // Times of another kind in between are told when the trace is read.
    if (back.ok && back.trace.rows !== counts.written) throw new Error('rows were lost')
  },
}

function checkTrace({ rows, atMs, inputTokens, outputTokens }: Trace): void {
  if (rows === 0) throw new Error('a trace without rows')
  let before = 0
  for (let i = 0; i < rows; i++) {
    const at = atMs[i] as number
    if (!(at >= before && Number.isFinite(at))) throw new Error(`time ${at} in row ${i}`)
    before = at
    if (!((inputTokens[i] as number) + (outputTokens[i] as number) <= 2e7))
      throw new Error(`tokens in row ${i}`)
  }
}
