import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { renderJson } from '../../lib/report/index.ts'
import { readResults, resultsJsonSchema } from '../../lib/results/index.ts'
import { report } from '../report/load.ts'

const RUNS = ['spike', 'steady', 'cold', 'closed', 'down', 'none', 'steady-machine']
const FILE = new URL('../../docs/results.schema.json', import.meta.url)

/** Every object closed: a field that the schema does not list fails. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed)
  if (typeof schema !== 'object' || schema === null) return schema
  const copy = Object.fromEntries(Object.entries(schema).map(([key, item]) => [key, closed(item)]))
  const open = copy['type'] === 'object' && copy['properties'] && !('additionalProperties' in copy)
  return open ? { ...copy, additionalProperties: false } : copy
}

describe('the written schema', () => {
  test('is the one that the code reads by (npm run docs writes it)', () => {
    expect(JSON.parse(readFileSync(FILE, 'utf8'))).toEqual(resultsJsonSchema())
  })

  test.each(RUNS)('describes the results of %s, every field of them', (name) => {
    const validate = new Ajv2020({ allErrors: true }).compile(closed(resultsJsonSchema()) as object)
    validate(JSON.parse(renderJson(report(name))))
    expect(validate.errors ?? []).toEqual([])
  })
})

describe('reading results', () => {
  const text = renderJson(report('spike'))

  test.each(RUNS)('gives back what was written: %s', (name) => {
    const one = report(name)
    expect(readResults(renderJson(one))).toEqual({ ok: true, report: one })
  })

  test.each([
    ['nothing', '', /^is empty$/],
    ['cut in half', text.slice(0, text.length / 2), /^is not JSON, or was cut: line \d+, column \d+/],
    ['another version', text.replace('"version": 1', '"version": 9'), /version 9; .* reads version 1/],
    ['another program', '{"metrics": {}}', /no results file: "format" is missing/],
    ['a list', '[]', /no results file/],
    ['null', 'null', /no results file/],
    [
      'a text where a number stands',
      text.replace(/"limit": 800/, '"limit": "fast"'),
      /slo\.0\.limit: .*expected number, received string/,
    ],
    ['a part missing', text.replace('"outcomes"', '"outcome"'), /outcomes: .*expected array/],
  ])('says what is wrong with %s', (_, broken, message) => {
    const read = readResults(broken)
    expect(read.ok).toBe(false)
    expect(!read.ok && read.message).toMatch(message)
  })

  test('names the line where a file was cut', () => {
    const read = readResults('{\n"format": "k6-inference-report",\n"version": 1,\n"ver')
    expect(!read.ok && read.message).toMatch(/line 4, column/)
  })

  test('keeps fields that it does not know', () => {
    const data = { ...report('steady'), weather: { score: 0.9 } }
    const read = readResults(JSON.stringify(data))
    expect(read.ok && read.report).toMatchObject({ weather: { score: 0.9 } })
  })
})
