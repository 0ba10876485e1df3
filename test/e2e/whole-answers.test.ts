import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { inject, it } from 'vitest'
import { bareLoopBeside } from '../../scripts/bench/embeddings/script.ts'
import { runScenario } from './harness.ts'

const VUS = 4

it('embeddings of 20 ms go out as fast as a bare loop over k6/http sends them', async ({
  expect,
}) => {
  // Both at once, so that a busy machine slows both down.
  const bundles = mkdtempSync(path.join(tmpdir(), 'k6-inference-bare-'))
  try {
    const bundle = path.join(inject('bundles'), 'embeddings.js')
    writeFileSync(path.join(bundles, 'embeddings.js'), bareLoopBeside(bundle))
    const run = await runScenario({
      scenario: 'embeddings',
      bundles,
      server: { ttftMs: 20 },
      env: {
        RATE: undefined,
        MAX_VUS: undefined,
        CONCURRENCY: String(VUS),
        DURATION: '5s',
        BATCH_SIZE: '1',
      },
    })
    expect(run.code, run.stdout + run.stderr).toBe(0)
    const ours = run.report?.total.completed ?? 0
    const bare = run.report!.own.metrics.find(({ name }) => name === 'bare_requests')?.values[
      'count'
    ]
    // 0.95 on an idle machine (npm run bench:embeddings), and 0.06 where answers are held for 500 ms.
    expect(ours / (bare ?? NaN)).toBeGreaterThan(0.75)
  } finally {
    rmSync(bundles, { recursive: true, force: true })
  }
})

it('short answers of every kind are known to be over when they are', async ({ expect }) => {
  for (const fault of ['429', '500', 'html', 'not-streaming', 'garbage', 'empty']) {
    const run = await runScenario({ scenario: 'chat-steady', fault })
    expect(run.report?.client.handlerDelayP99Ms ?? 0, fault).toBeLessThan(250)
  }
})
