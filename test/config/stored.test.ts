import { expect, test } from 'vitest'
import {
  parseConfig,
  restoreConfig,
  storeConfig,
  type StoredConfig,
} from '../../lib/config/index.ts'

const env = {
  API_KEY: 'sk-secret',
  HEADERS: 'x-team: a',
  INPUT_TOKENS: 'lognormal(500,0.6)',
  OUTPUT_TOKENS: '100:0.5,400:0.5',
  SLO_TTFT_P95: '800',
}

test('a configuration comes back from JSON as it was, key included', () => {
  const parsed = parseConfig({ scenario: 's', shape: 'spike', env })
  if (!parsed.ok) throw new Error('expected a configuration')
  const { config } = parsed
  const back = restoreConfig(JSON.parse(JSON.stringify(storeConfig(config))) as StoredConfig)
  expect(back.apiKey?.reveal()).toBe('sk-secret')
  expect(String(back.apiKey)).toBe('***')
  expect({ ...back, apiKey: '' }).toEqual({ ...config, apiKey: '' })
})

test('without a key there is none afterwards', () => {
  const parsed = parseConfig({ scenario: 's', env: {} })
  if (!parsed.ok) throw new Error('expected a configuration')
  expect(restoreConfig(storeConfig(parsed.config)).apiKey).toBeUndefined()
})
