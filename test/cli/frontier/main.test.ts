import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { main } from '../../../cli/frontier/index.ts'
import type { Frontier } from '../../../lib/frontier/index.ts'
import type { PageData } from '../../../lib/html/index.ts'
import { renderJson } from '../../../lib/report/index.ts'
import { candidate } from '../../frontier/made-up.ts'
import { build } from '../../report/made-up.ts'
import { terminal } from '../../support/terminal.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'k6-inference-frontier-'))
const file = (name: string) => path.join(folder, `${name}.json`)

beforeAll(() => {
  const speed = { tokensPerS: [100, 90, 110], completedPerS: [1, 0.9, 1.1] } as const
  const runs = [
    { name: 'fp16', graded: 400, passed: 390, ttftP95: [800, 760, 840], ...speed },
    { name: 'int4', graded: 400, passed: 300, ttftP95: [900, 880, 920], ...speed },
  ] as const
  for (const run of runs) writeFileSync(file(run.name), renderJson(candidate(run).run.report))
  writeFileSync(file('ungraded'), renderJson(build({})))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function frontier(...args: string[]) {
  const to = terminal()
  const code = await main(args, to)
  return { code, ...to.written }
}

describe('k6-inference frontier', () => {
  it('names results by their files, with a price for each', async () => {
    const priced = ['--hour', 'fp16=3.6', '--tokens', 'int4=0.5,1.5']
    const { code, out } = await frontier(file('fp16'), file('int4'), ...priced)
    expect(code).toBe(0)
    expect(out).toMatch(/^ +fp16 .* 10\.0 \(9\.09 to 11\.1\)/m)
    expect(out).toMatch(/^ +int4 .*× 900 ±20/m)
  })

  it('names results, and crosses out what breaks a limit', async () => {
    const out = path.join(folder, 'front')
    const { code, out: text } = await frontier(
      `a=${file('fp16')}`,
      `b=${file('int4')}`,
      ...['--hour', '3.6', '--limit', 'quality=90%'],
      ...['-o', `${out}.json`, '-o', `${out}.html`],
    )
    expect(code).toBe(0)
    expect(text).toMatch(/✗ b .* out: breaks quality/)
    const found = JSON.parse(readFileSync(`${out}.json`, 'utf8')) as Frontier
    expect(found.against.map(({ id }) => id)).toContain('cost_per_good')
    expect(found.configurations[0]!.values['cost_per_good']!.value).toBeCloseTo(0.001 / 0.975, 12)
    const page = readFileSync(`${out}.html`, 'utf8')
    const [, json = ''] =
      /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(page) ?? []
    const { charts } = JSON.parse(json) as PageData
    // Of two of the six figures no result has a value.
    const drawn = Object.values(charts).flat()
    expect(drawn).toHaveLength(4)
    for (const { lines } of drawn)
      expect(lines.map(({ label, kind }) => [label, kind])).toEqual([
        ['a', 'dots'],
        ['b', 'rings'],
      ])
    expect(page).toContain("default-src 'none'")
  })

  it.each([
    [[], /0 runs given/],
    [['a.json'], /1 runs given/],
    [['x/a', 'y/a'], /two results are named a/],
    [['a=x', 'b=y', '--hour', 'c=2'], /no result is named c; there are a, b/],
    [['a=x', 'b=y', '--hour', 'two'], /--hour two: accepted: a price/],
    [['a=x', 'b=y', '--tokens', '1'], /two or three prices/],
    [['a=x', 'b=y', '--hour', '2', '--tokens', 'a=1,2'], /a has a price already/],
    [['a=x', 'b=y', '--limit', 'quality'], /--limit quality: accepted/],
  ])('%j is refused', async (args, why) => {
    const { code, note } = await frontier(...args)
    expect(code).toBe(2)
    expect(note).toMatch(why)
  })

  it('says what is missing in results', async () => {
    const { code, note } = await frontier(file('fp16'), file('ungraded'))
    expect(code).toBe(1)
    expect(note).toContain('no answer was graded; run with -e GRADED_SHARE=1')
    const other = await frontier(file('fp16'), file('int4'), '--quality', 'json')
    expect(other.note).toContain('no answer was graded by json')
    const unknown = await frontier(`a=${file('fp16')}`, `b=${file('int4')}`, '--against', 'speed')
    expect(unknown.code).toBe(2)
    expect(unknown.note).toMatch(/no figure speed; accepted: quality, ttft_p50/)
  })
})
