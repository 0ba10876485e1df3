import { describe, expect, it } from 'vitest'
import { GRADERS } from '../../lib/quality/index.ts'
import type { GradedAnswer, GradeReason } from '../../lib/quality/index.ts'
import { reasonOf, said } from './grading.ts'

const schema = {
  type: 'object',
  properties: {
    title: { type: 'string', minLength: 1 },
    kind: { enum: ['a', 'b'] },
    tags: { type: 'array', items: { type: 'string', pattern: '^[a-z]+$' }, maxItems: 3 },
    when: { type: 'string', format: 'date-time' },
    child: { $ref: '#' },
  },
  required: ['title'],
  additionalProperties: false,
}

describe('JSON', () => {
  it.each<[string | GradedAnswer, GradeReason]>([
    ['{}', 'ok'],
    [' {"a": 1}\n', 'ok'],
    ['[1, 2]', 'ok'],
    ['{"a": 1', 'not_json'],
    ["{'a': 1}", 'not_json'],
    ['{"a": 1,}', 'not_json'],
    ['{"a": NaN}', 'not_json'],
    ['Here you are: {"a": 1}', 'not_json'],
    ['{"a": 1} I hope this helps.', 'not_json'],
    ['{"a": 1}{"a": 1}', 'not_json'],
    ['```json\n{"a": 1}\n```', 'fenced'],
    ['```\n{"a": 1\n```', 'not_json'],
    ['"text"', 'not_object'],
    ['null', 'not_object'],
    ['42', 'not_object'],
    ['', 'empty'],
    [said('{"a": "no end', { finish: 'length' }), 'cut_off'],
    [said('{"a": 1}', { finish: 'length' }), 'ok'],
    ['['.repeat(20_000), 'not_json'],
  ])('%j is %s', (answer, reason) => {
    expect(reasonOf('json', answer, { json: true })).toBe(reason)
  })

  it.each<[string, GradeReason, string?]>([
    ['{"title": "x"}', 'ok'],
    ['{"title": "x", "kind": "a", "tags": ["b"], "when": "2026-01-02T03:04:05Z"}', 'ok'],
    ['{"title": "x", "child": {"title": "y"}}', 'ok'],
    ['{}', 'schema', '#/required'],
    ['{"title": ""}', 'schema', '#/properties/title/minLength'],
    ['{"title": 1}', 'schema', '#/properties/title/type'],
    ['{"title": "x", "kind": "c"}', 'schema', '#/properties/kind/enum'],
    ['{"title": "x", "tags": ["B"]}', 'schema', '#/properties/tags/items/pattern'],
    ['{"title": "x", "tags": ["a", "b", "c", "d"]}', 'schema', '#/properties/tags/maxItems'],
    ['{"title": "x", "when": "yesterday"}', 'schema', '#/properties/when/format'],
    ['{"title": "x", "secret": 1}', 'schema', '#/additionalProperties'],
    ['{"title": "x", "child": {}}', 'schema', '#/properties/child/$ref/required'],
    ['{"title": "x"', 'not_json'],
    ['[]', 'schema', '#/type'],
  ])('%j against a schema is %s %s', (answer, reason, where) => {
    expect(GRADERS.json_schema(said(answer), { schema })).toMatchObject({ reason })
    expect(GRADERS.json_schema(said(answer), { schema })?.where).toBe(where)
  })

  it('leaves the schema as it is, which goes to the server as well', () => {
    const frozen = Object.freeze({ type: 'object', properties: Object.freeze({}) })
    expect(reasonOf('json_schema', '{}', { schema: frozen })).toBe('ok')
    expect(Object.getOwnPropertyNames(schema)).toHaveLength(4)
  })

  it.each([[{ $ref: '#/nowhere' }], ['text'], [[]], [null]])('throws for %j', (broken) => {
    expect(() => reasonOf('json_schema', '{}', { schema: broken })).toThrow()
  })

  it('grades nothing where no JSON was asked for', () => {
    expect(reasonOf('json', '{}', {})).toBe('none')
    expect(reasonOf('json_schema', '{}', { json: true })).toBe('none')
  })
})
