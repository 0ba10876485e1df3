import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { examples } from '../../../cli/k8s/examples.ts'

test.each(examples())('deploy/kubernetes/$file is what its command writes', ({ file, text }) => {
  const url = new URL(`../../../deploy/kubernetes/${file}`, import.meta.url)
  expect(readFileSync(url, 'utf8')).toBe(text)
})
