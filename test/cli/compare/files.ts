import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { RunData } from '../../../lib/runs/index.ts'
import type { RequestRecord, RunRecord } from '../../../lib/records/index.ts'

/** A terminal that keeps what is written to it. */
export function terminal() {
  const written = { out: '', note: '' }
  return {
    written,
    out: (text: string) => void (written.out += text),
    note: (text: string) => void (written.note += text),
  }
}

/** Writes a run as the records that k6 would have left, in `folder/requests.jsonl`. */
export async function writeRecords(
  run: RunData,
  folder: string,
  more: { model?: string; seed?: number } = {},
): Promise<string> {
  const phases = [
    { name: 'warm-up', role: 'warmup' as const, startMs: 0, endMs: run.fromMs, measured: false },
    { name: 'steady', role: 'main' as const, startMs: run.fromMs, endMs: run.toMs, measured: true },
  ].map((phase) => ({ ...phase, from: 8, to: 8 }))
  const head: RunRecord = {
    v: 1,
    record: 'run',
    startedAt: '2026-03-01T12:00:00.000Z',
    run: {
      scenario: 'chat-steady',
      plan: {
        segment: null,
        phases,
        endMs: run.toMs,
        shape: 'steady',
        loop: 'open',
        unit: 'requests/s',
      },
      slo: { errorRate: 0.01, ttftP95Ms: 60 },
      config: { api: 'chat', load: { seed: more.seed ?? 1 } },
    },
  }
  const lines = (run.requests ?? []).map((r, i): RequestRecord => {
    const measured = r.atMs >= run.fromMs
    const record: { [F in keyof RequestRecord]: RequestRecord[F] | undefined } = {
      v: 1,
      record: 'request',
      id: `steady/${i}`,
      dueMs: r.atMs,
      startMs: r.atMs,
      sentMs: r.atMs,
      firstTokenMs: r.firstTokenMs,
      lastTokenMs: r.lastTokenMs,
      endMs: r.endMs,
      outcome: r.outcome === 'failed' ? 'http_error' : r.outcome,
      reason: r.outcome === 'failed' ? 'http_503' : '',
      phase: measured ? 'steady' : 'warm-up',
      measured,
      app: 'chat',
      model: more.model ?? 'sim-model',
      // As the workloads do: the n-th request of a seed has the n-th prompt.
      promptId: `chat-${more.seed ?? 1}-${i}`,
      inputTokens: r.inputTokens,
      askedInputTokens: r.asked?.inputTokens,
      askedOutputTokens: r.asked?.outputTokens,
      outputTokens: r.outputTokens,
      tokenSource: 'usage',
      chunks: r.outputTokens,
      received: {},
      ttftMs: r.timings.ttftMs,
      tpotMs: r.timings.tpotMs,
      e2eMs: r.timings.e2eMs,
      latenessMs: 0,
      good: r.good,
      clock: 'socket',
    }
    return record as RequestRecord
  })
  await mkdir(folder, { recursive: true })
  const text = [head, ...lines].map((line) => JSON.stringify(line)).join('\n') + '\n'
  await writeFile(path.join(folder, 'requests.jsonl'), text)
  return folder
}
