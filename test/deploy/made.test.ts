import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { deployFiles } from '../../scripts/deploy/index.ts'

test.each(Object.entries(deployFiles()))('deploy/%s is what its command writes', (file, text) => {
  expect(readFileSync(new URL(`../../deploy/${file}`, import.meta.url), 'utf8')).toBe(text)
})
