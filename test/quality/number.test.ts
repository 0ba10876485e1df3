import { describe, expect, it } from 'vitest'
import type { GradeReason } from '../../lib/quality/index.ts'
import { lastNumber } from '../../lib/quality/number.ts'
import { reasonOf } from './grading.ts'

describe('the number that a text gives', () => {
  it.each<[string, number | undefined]>([
    // Separators and decimal marks.
    ['1,234', 1234],
    ['1,234,567.89', 1_234_567.89],
    ['1.234.567,89', 1_234_567.89],
    ['1.234.567', 1_234_567],
    ['1 234 567', 1_234_567],
    ['1\u202f234,5', 1234.5],
    ["1'234.5", 1234.5],
    ['1.234', 1.234],
    ['3,5', 3.5],
    ['3,50', 3.5],
    ['.5', 0.5],
    ['12,34', 12.34],
    ['1234,567', 1234.567],
    // Signs, currencies, units.
    ['-5', -5],
    ['−5 °C', -5],
    ['$ 1,080.00', 1080],
    ['-$3.20', -3.2],
    ['€12', 12],
    ['\\$18', 18],
    ['18 dollars', 18],
    ['3–5', 5],
    ['3-5', 5],
    ['CO2 only', undefined],
    ['at 3:25', undefined],
    ['42 km/h', 42],
    // Fractions, percent, powers, scales.
    ['3/4', 0.75],
    ['1 1/2', 1.5],
    ['1½', 1.5],
    ['\\frac{3}{4}', 0.75],
    ['-\\dfrac{1}{2}', -0.5],
    ['25%', 25],
    ['25 percent', 25],
    ['1.5e3', 1500],
    ['1.5 × 10^3', 1500],
    ['2 \\times 10^{-2}', 0.02],
    ['3.2 million', 3_200_000],
    ['５０', 50],
    // In words.
    ['eighteen', 18],
    ['twenty-four apples', 24],
    ['three hundred and five', 305],
    ['two thousand and one', 2001],
    ['One can see that it is four', 4],
    ['no idea', undefined],
    ['', undefined],
    // What is said to be the answer.
    ['So 3 + 4 = 7.\n#### 7', 7],
    ['#### 1,200', 1200],
    ['The answer is 18. Do you have 2 more questions?', 18],
    ['**Answer: 18** (from 16 - 3 - 4 = 9 eggs at 2 dollars)', 18],
    ['Final answer: \\boxed{42} (checked 3 times)', 42],
    ['\\boxed{\\frac{1}{2}}', 0.5],
    ['The answer is 9 x 2 = 18 dollars', 18],
    ['First the answer is 9. No, wait, the answer is 18.', 18],
    ['She makes **$18** every day at the 1 market.', 18],
    ['**Step 1.** 16 eggs.\n**2. Sell** 9 of 16 for 18 dollars', 18],
    ['The answer is 18. **2 eggs** are left.', 18],
    ['Answer: 1/2', 0.5],
    ['The total is 36; half of it is 18', 18],
    ['Step 1: 16\nStep 2: 16 - 7 = 9\nStep 3: 9 * 2 = 18', 18],
    ['The final answer is eighteen.', 18],
  ])('%j: %d', (text, value) => {
    const found = lastNumber(text)?.value
    if (value === undefined) expect(found).toBeUndefined()
    else expect(found).toBeCloseTo(value, 9)
  })

  it.each<[string, string, GradeReason | 'none']>([
    ['25%', '25', 'ok'],
    ['25%', '0.25', 'ok'],
    ['0.25', '25%', 'ok'],
    ['25%', '25%', 'ok'],
    ['2500%', '25', 'ok'],
    ['0.25%', '0.25', 'ok'],
    ['0.25%', '25%', 'wrong'],
    ['3.33', '3.333', 'wrong'],
    ['0.3333333', '1/3', 'ok'],
    ['18.0', '18', 'ok'],
    ['180', '18', 'wrong'],
    ['-18', '18', 'wrong'],
    ['no idea', '18', 'no_answer'],
    ['', '18', 'empty'],
    ['18', 'blue', 'none'],
    ['0', '0', 'ok'],
    ['0.001', '0', 'wrong'],
  ])('%j for %j is %s', (answer, expected, reason) => {
    expect(reasonOf('number', answer, { expected: [expected] })).toBe(reason)
  })
})
