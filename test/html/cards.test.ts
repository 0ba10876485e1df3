import { expect, test } from 'vitest'
import { renderHtml } from '../../lib/html/index.ts'
import { sloInterval } from '../../lib/report/formats/limit-text.ts'
import { runOfRecords } from '../../lib/runs/index.ts'
import { plusMinus, plusMinusPercent } from '../../lib/tables/index.ts'
import { virtualRecords } from '../../scripts/virtual/index.ts'

const records = virtualRecords({
  name: 'cards',
  ratePerS: 10,
  warmupMs: 5_000,
  measuredMs: 240_000,
  trafficSeed: 5,
  serverSeed: 6,
  failures: 0.02,
  slo: { ttftP95Ms: 500, tpotP95Ms: 30, errorRate: 0.05, goodput: 0.9 },
})
const { report } = runOfRecords('cards', records)
const page = renderHtml({ report, style: '', script: '' })
const cards = page.split('<div class="card ').slice(1)
const facts = page.split('<div class="card"><div class="label">').slice(1)

test('the card of a limit has the interval of its figure', () => {
  const told = report.slo.filter(({ interval }) => typeof interval?.low === 'number')
  expect(told.length).toBeGreaterThan(2)
  for (const v of told) {
    const card = cards.find((one) => one.includes(`<div class="label">${v.title}`))
    expect(card, v.id).toContain(` · ${sloInterval(v)}</div>`)
  }
})

test('the cards of rates and shares have their intervals', () => {
  const { measured } = report
  const { outputTokensPerS, tokensPerSPerUser, goodPerS, goodShare } = measured.intervals!
  const expected = [
    ['Output', plusMinus(measured.outputTokensPerS, outputTokensPerS)],
    ['Per user', plusMinus(measured.tokensPerSPerUser, tokensPerSPerUser)],
    ['Goodput', plusMinus(measured.goodPerS, goodPerS)],
    ['Goodput', plusMinusPercent(measured.goodShare, goodShare)],
  ] as const
  for (const [title, text] of expected) {
    expect(text).toMatch(/ ±[\d.]/)
    expect(facts.find((one) => one.startsWith(title))).toContain(text)
  }
})
