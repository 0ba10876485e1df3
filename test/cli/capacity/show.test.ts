import { expect, it } from 'vitest'
import { shownHtml, shownText } from '../../../lib/tables/index.ts'
import { capacityPlot } from '../../../cli/capacity/plot.ts'
import { capacityShown } from '../../../cli/capacity/show.ts'
import { searchedCapacity } from '../../../scripts/virtual/capacity.ts'
import { VIRTUAL_SERVERS } from '../../../scripts/virtual/capacity-servers.ts'

const limits = ['SLO_TPOT_P95=12']

it('names the result, how far it is known and the limits, and draws all loads', async () => {
  const found = await searchedCapacity(VIRTUAL_SERVERS['batch (TPOT)']!, 1, 60_000)
  const text = shownText(capacityShown(found, undefined, limits))
  expect(text).toMatch(/^Capacity \d\.\d+ requests\/s \(\d\.\d+ to \d\.\d+ at 95 % confidence\)/)
  expect(text).toContain('SLO_TPOT_P95=12')
  const svg = capacityPlot(found)
  expect(svg.match(/<circle/g)).toHaveLength(found.points.length)
  expect(svg).not.toMatch(/NaN|undefined|Infinity/)
  expect(shownHtml([capacityShown(found, undefined, limits)], [svg])).toContain('<svg')
})

it('says by how much it is known when its time ended first, and draws what there is', async () => {
  const server = VIRTUAL_SERVERS['batch (TPOT)']!
  const short = await searchedCapacity(server, 1, 60_000, { precision: 0.01, maxMinutes: 30 })
  expect(shownText(capacityShown(short, undefined, limits))).toMatch(
    /^Capacity about \d\.\d+ requests\/s, known only to ±\d+ % \([^]*the most that was allowed/,
  )
  const none = await searchedCapacity(server, 1, 60_000, { maxRuns: 1 })
  expect(shownText(capacityShown(none, undefined, limits))).toMatch(/^Capacity not found before/)
  expect(capacityPlot(none)).not.toMatch(/NaN|undefined|Infinity/)
})
