import { describe, expect, it } from 'vitest'
import { maskUrl, maskUrls } from '../../lib/safe-text/index.ts'

describe('maskUrl', () => {
  it.each([
    ['http://host:8000/v1', 'http://host:8000/v1'],
    ['http://user:pass@host:8000/v1', 'http://***@host:8000/v1'],
    ['http://user:pa/ss@word@host/v1', 'http://***@host/v1'],
    ['http://user:pa?ss#word@host/v1', 'http://***@host/v1'],
    ['user:pass@host/v1', '***@host/v1'],
    ['user:pass word@host/v1', '***@host/v1'],
    ['http://key@host', 'http://***@host'],
    ['http://host/m?token=abc', 'http://host/m?token=***'],
    ['http://host/m?a=1&api_key=abc', 'http://host/m?a=***&api_key=***'],
    ['http://host/m?abc', 'http://host/m?***'],
    ['http://host/m#access_token=abc', 'http://host/m#access_token=***'],
    ['http://u:p@host/m?t=1', 'http://***@host/m?t=***'],
    ['http://a/m,http://u:p@b/m', 'http://***@b/m'],
    ['', ''],
  ])('%j is shown as %j', (text, shown) => {
    expect(maskUrl(text)).toBe(shown)
  })
})

describe('maskUrls', () => {
  it.each([
    ['no address here: a@b.example, ratio 1:2', 'no address here: a@b.example, ratio 1:2'],
    ['get "http://u:p@h/x?k=v": refused', 'get "http://***@h/x?k=***": refused'],
    ['two: http://u:p@h/ (and ftp://x:y@z/)', 'two: http://***@h/ (and ftp://***@z/)'],
    ['without scheme u:p@h, yes', 'without scheme ***@h, yes'],
    ['--against=https://h/v1?key=abc', '--against=https://h/v1?key=***'],
  ])('%j becomes %j', (text, shown) => {
    expect(maskUrls(text)).toBe(shown)
  })
})
