import { expect, it } from 'vitest'
import { proxyVariable } from '../../lib/config/index.ts'

const at = (host: string, port = 443) => ({ host, port, tls: port !== 80 })
const proxied = (host: string, port: number, no: string) =>
  proxyVariable(at(host, port), {
    HTTP_PROXY: 'http://proxy:3128',
    HTTPS_PROXY: 'http://proxy:3128',
    NO_PROXY: no,
  })

it.each([
  ['llm.example.com', 443, '', 'HTTPS_PROXY'],
  ['llm.example.com', 80, '', 'HTTP_PROXY'],
  ['localhost', 443, '', undefined],
  ['127.0.0.1', 443, '', undefined],
  ['127.8.9.1', 80, '', undefined],
  ['::1', 443, '', undefined],
  ['localhost.example', 443, '', 'HTTPS_PROXY'],
  ['llm.example.com', 443, '*', undefined],
  ['llm.example.com', 443, 'llm.example.com', undefined],
  ['LLM.Example.com', 443, 'llm.example.COM', undefined],
  ['llm.example.com', 443, 'other, example.com ', undefined],
  ['llm.example.com', 443, '.example.com', undefined],
  ['llm.example.com', 443, '*.example.com', undefined],
  ['example.com', 443, 'example.com', undefined],
  ['example.com', 443, '.example.com', 'HTTPS_PROXY'],
  ['example.com', 443, '*.example.com', 'HTTPS_PROXY'],
  ['myexample.com', 443, 'example.com', 'HTTPS_PROXY'],
  ['llm.example.com', 443, 'example.com:443', undefined],
  ['llm.example.com', 443, 'example.com:8443', 'HTTPS_PROXY'],
  ['10.1.2.3', 443, '10.1.2.3', undefined],
  ['10.1.2.3', 443, '10.1.2.3:443', undefined],
  ['10.1.2.3', 443, '10.1.2.3:80', 'HTTPS_PROXY'],
  ['10.1.2.3', 443, '10.0.0.0/8', undefined],
  ['11.1.2.3', 443, '10.0.0.0/8', 'HTTPS_PROXY'],
  ['10.1.2.3', 443, '10.1.2.0/23', undefined],
  ['10.1.4.3', 443, '10.1.2.0/23', 'HTTPS_PROXY'],
  ['2001:db8::7', 443, '2001:db8::/32', undefined],
  ['2001:db9::7', 443, '2001:db8::/32', 'HTTPS_PROXY'],
  ['2001:db8::7', 443, '2001:0db8:0::0007', undefined],
  ['2001:db8::7', 443, '[2001:db8::7]:443', undefined],
  ['10.1.2.3', 443, '2001:db8::/0', 'HTTPS_PROXY'],
  ['llm.example.com', 443, '10.0.0.0/8,,', 'HTTPS_PROXY'],
])('%s:%i with NO_PROXY=%j: %s', (host, port, no, variable) => {
  expect(proxied(host, port, no)).toBe(variable)
})

it('reads both cases, and the variable of the scheme only', () => {
  expect(proxyVariable(at('h'), { https_proxy: 'p' })).toBe('https_proxy')
  expect(proxyVariable(at('h'), { HTTPS_PROXY: '', https_proxy: 'p', no_proxy: 'h' })).toBe(
    undefined,
  )
  expect(proxyVariable(at('h', 80), { HTTPS_PROXY: 'p' })).toBe(undefined)
  expect(proxyVariable(at('h'), {})).toBe(undefined)
})
