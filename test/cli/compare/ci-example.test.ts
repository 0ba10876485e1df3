import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { describeVariables } from '../../../lib/config/index.ts'
import { COMMANDS } from '../../../cli/commands.ts'
import { main } from '../../../cli/compare/main.ts'
import { virtualRecords } from '../../../scripts/virtual/index.ts'
import { terminal } from '../../support/terminal.ts'
import { writeRecords } from './files.ts'

interface Step {
  name?: string
  run?: string
  uses?: string
}
const file = new URL('../../../docs/examples/github-actions-gate.yml', import.meta.url)
const workflow = parse(readFileSync(file, 'utf8')) as {
  env: Record<string, string>
  jobs: { gate: { steps: Step[] } }
}
const { steps } = workflow.jobs.gate
const scripts = steps.flatMap((step) => step.run ?? [])

describe('the example for GitHub Actions', () => {
  it('uses commands and variables that there are', () => {
    const commands = scripts.join('\n').matchAll(/npx k6-inference (\w+)/g)
    const names = [...commands].map(([, name]) => name)
    expect(names).toEqual(expect.arrayContaining(['compare', 'simulate', 'setup', 'run']))
    for (const name of names) expect(COMMANDS.map((c) => c.name)).toContain(name)
    const known = describeVariables().map((variable) => variable.name as string)
    const load = `${workflow.env['LOAD']} ${scripts.join('\n')}`
    const used = [...load.matchAll(/-e ([A-Z0-9_]+)=/g)].map(([, name]) => name)
    expect(used.length).toBeGreaterThan(7)
    for (const name of used) expect(known).toContain(name)
  })

  it('writes the records that its gate reads, and keeps them', async () => {
    const gate = steps.find((step) => step.name === 'Gate')!.run!
    const words = gate.replaceAll('\\\n', ' ').trim().split(/\s+/).slice(3)
    const folder = await mkdtemp(path.join(tmpdir(), 'ci-'))
    try {
      const argv = words.map((word) =>
        word
          .replace(/^results\//, `${folder}/`)
          .replace('"$TOLERANCES"', workflow.env['TOLERANCES']!),
      )
      for (const [i, side] of ['main', 'change'].entries()) {
        expect(scripts.join('\n')).toContain(`--out results/${side} `)
        const load = { ratePerS: 4, warmupMs: 1_000, measuredMs: 20_000, trafficSeed: 1 }
        await writeRecords(
          virtualRecords({ ...load, name: side, serverSeed: i }),
          path.join(folder, side),
        )
      }
      const to = terminal()
      expect([await main(argv, to), to.written.note]).toEqual([0, expect.stringContaining('.xml')])
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})
