import { describe, expect, it } from 'vitest'
import { CATALOGUE, metricDef } from '../../lib/metrics/index.ts'
import type { MetricDef } from '../../lib/metrics/index.ts'

const catalogue: readonly MetricDef[] = CATALOGUE

describe('the catalogue', () => {
  it('names each metric once, as k6 accepts it', () => {
    expect(new Set(catalogue.map((d) => d.name)).size).toBe(catalogue.length)
    // k6 metrics/registry.go
    for (const { name } of catalogue) expect(name).toMatch(/^llm_[a-z0-9_]{1,120}$/)
  })

  it('says for each what it is, how it is made, and where it comes from', () => {
    for (const def of catalogue) {
      expect(def.title, def.name).not.toBe('')
      expect(def.formula.length, def.name).toBeGreaterThan(10)
      expect(def.timing === undefined, def.name).not.toBe(def.source === undefined)
      if (def.timing !== undefined) expect(def).toMatchObject({ kind: 'trend', unit: 'ms' })
    }
  })

  it('is found by name alone', () => {
    expect(metricDef('llm_ttft')?.timing).toBe('ttftMs')
    expect(metricDef('my_own')).toBeUndefined()
    expect(metricDef('constructor')).toBeUndefined()
  })
})
