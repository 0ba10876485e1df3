import { expect, test } from 'vitest'
import { serve } from '../../scripts/virtual/certainty/scheduler.ts'
import { ARRIVALS, traffic } from '../../scripts/virtual/certainty/traffic.ts'
import { createEngine, defaultEngineConfig } from '../../simulator/index.ts'

test.each(
  ARRIVALS.flatMap((arrivals) =>
    [10, 48, 90].flatMap((rate) =>
      [0, 400].map((compileMs) => [arrivals, rate, compileMs] as const),
    ),
  ),
)(
  'the fast scheduler serves %s arrivals at %d/s as the simulator does, compiling for %d ms',
  (arrivals, rate, compileMs) => {
    const config = { ...defaultEngineConfig, compileMs }
    const next = traffic(arrivals, rate, 7)
    let nowMs = 0
    const requests = Array.from({ length: 1500 }, () => {
      const { gapMs, ...lengths } = next()
      return { ...lengths, atMs: (nowMs += gapMs) }
    })
    const [firstMs, lastMs] = [new Float64Array(1500), new Float64Array(1500)]
    let tokens = 0
    const engine = createEngine(config, {
      scheduled() {},
      preempted() {},
      token(id, atMs, index) {
        tokens++
        if (index === 0) firstMs[Number(id)] = atMs
      },
      finished(id, atMs) {
        lastMs[Number(id)] = atMs
      },
    })
    requests.forEach(({ atMs, ...lengths }, i) =>
      engine.submit({ id: String(i), ...lengths }, atMs),
    )
    engine.advanceTo(Infinity)

    const column = (name: 'atMs' | 'promptTokens' | 'outputTokens') =>
      Float64Array.from(requests, (request) => request[name])
    const served = serve(config, {
      atMs: column('atMs'),
      promptTokens: column('promptTokens'),
      outputTokens: column('outputTokens'),
    })
    const { compilations, compiledMs } = engine.stats()
    expect(compilations > 1).toBe(compileMs > 0)
    expect(served.warmMs >= compiledMs).toBe(true)
    expect(served.firstMs).toEqual(firstMs)
    expect(served.lastMs).toEqual(lastMs)
    expect(served.stepTokens.reduce((sum, n) => sum + n, 0)).toBe(tokens)
  },
)
