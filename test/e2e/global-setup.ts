import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { TestProject } from 'vitest/node'
import { buildScenarios } from '../../build.mjs'
import { ensureK6 } from '../../scripts/setup/index.mjs'

declare module 'vitest' {
  interface ProvidedContext {
    k6: string
    bundles: string
  }
}

/** Finds k6 and bundles the scenarios, once for all end-to-end tests. */
export default async function setup(project: TestProject): Promise<() => void> {
  const bundles = mkdtempSync(path.join(tmpdir(), 'k6-inference-e2e-'))
  const k6 = await ensureK6()
  await buildScenarios({ outDir: bundles })
  project.provide('k6', k6.path)
  project.provide('bundles', bundles)
  return () => rmSync(bundles, { recursive: true, force: true })
}
