import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { latencyLimits } from '../../lib/metrics/index.ts'
import { describeVariables } from '../../lib/config/index.ts'
import { protocolNames } from '../../lib/protocols/index.ts'
import { scenarioDocs } from '../../scripts/docs/definitions.ts'
import { scenariosPage } from '../../scripts/docs/scenarios.ts'

describe('docs/scenarios.md', () => {
  it('is what `npm run docs` writes', async () => {
    const written = readFileSync(new URL('../../docs/scenarios.md', import.meta.url), 'utf8')
    expect(written).toBe(await scenariosPage())
  })

  it('has every scenario with what it is for, and every variable', async () => {
    const page = await scenariosPage()
    for (const { name, meaning } of await scenarioDocs()) {
      expect(page).toContain(`## ${name}\n\n${meaning}`)
    }
    // A latency's limits share a row: `SLO_TTFT_P50`, `_P90`, …
    const limits = new Set<string>(latencyLimits().map(({ variable }) => variable))
    for (const { name } of describeVariables()) {
      const [, stem, statistic] = /^(.*)(_[^_]*)$/.exec(name) ?? []
      const row =
        limits.has(name) && statistic !== '_P50'
          ? `\`${stem}_P50\`.*\`${statistic}\``
          : `\`${name}\``
      expect(page).toMatch(new RegExp(`\n\\| ${row}[ ,][^\n]*\\|`))
    }
  })
})

it('the names that API takes are those of the protocols', () => {
  const { accepted } = describeVariables().find(({ name }) => name === 'API')!
  expect(accepted.split(', ').sort()).toEqual([...protocolNames].sort())
})

it('defaults of a scenario are variables', async () => {
  const known = new Set<string>(describeVariables().map(({ name }) => name))
  for (const { name, defaults } of await scenarioDocs()) {
    for (const variable of Object.keys(defaults)) expect(known, name).toContain(variable)
  }
})
