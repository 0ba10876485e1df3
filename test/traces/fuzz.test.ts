import { expect, it } from 'vitest'
import { fuzz } from '../../scripts/fuzz/run.ts'

// `npm run fuzz` has 200,000.
it('no mutated file makes a reader throw, hang or lose rows', async () => {
  expect(await fuzz(3000, 7)).toEqual([])
}, 60_000)
