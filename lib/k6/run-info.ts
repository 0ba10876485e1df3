import { publicConfig } from '../config/index.ts'
import type { RunInfo } from '../report/index.ts'
import { CLOCK } from './transport.ts'
import type { PreparedTest, RunData } from './types.ts'

/** What a report must be told of the run besides figures; without secrets. */
export function runInfo(test: PreparedTest, run: RunData | undefined): RunInfo {
  const { config, plan, name } = test
  return {
    scenario: name,
    startedAt: run?.startedAt,
    config: publicConfig(config),
    plan,
    slo: config.slo,
    clock: CLOCK,
    server: run?.facts,
    gapSampling: test.gapSampling,
    loadStartMs: run?.loadStartMs,
    warnings: [
      ...test.warnings,
      ...(run?.facts.warnings ?? []),
      ...(run?.calibration?.warnings ?? []),
    ],
  }
}
