import { publicConfig } from '../config/index.ts'
import type { RunInfo } from '../results/index.ts'
import { playedSegment } from './played.ts'
import { CLOCK } from './transport.ts'
import type { PreparedTest, RunData } from './types.ts'

/** Only prompts of a data set that are sent unchanged can repeat. */
function distinct({ config, inputs }: PreparedTest): number | undefined {
  return config.values.CACHE === 'natural' ? inputs.dataset?.length : undefined
}

/** What a report must know about the run besides figures; without secrets. */
export function runInfo(test: PreparedTest, run: RunData | undefined): RunInfo {
  const { config, plan, name } = test
  return {
    scenario: name,
    startedAt: run?.startedAt,
    config: publicConfig(config),
    plan: { ...plan, segment: playedSegment() },
    slo: config.slo,
    confidence: config.values.CONFIDENCE,
    strict: config.values.STRICT,
    bounds: config.bounds,
    clock: CLOCK,
    server: run?.facts,
    workload: run?.workload,
    gapSampling: test.gapSampling,
    loadStartMs: run?.loadStartMs,
    endpoints: config.endpoints.map(({ name: of, weight }) => ({ name: of, weight })),
    groups: test.groups,
    graders: test.graders,
    idle: run?.idle?.facts,
    distinctPrompts: distinct(test),
    warnings: [
      ...test.warnings,
      ...(run?.facts.warnings ?? []),
      ...(run?.calibration?.warnings ?? []),
    ],
  }
}
