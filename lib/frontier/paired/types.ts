/** How a figure of one result differs from that of another, over requests of the same prompts. */
export interface Difference {
  /** `ttft`, `tpot`, `e2e`, `errors`, `quality` (every grader passed), or the name of a grader. */
  figure: string
  /** The result that is compared, and the one that it is compared with. */
  name: string
  with: string
  /** Prompts that both have the figure of. */
  pairs: number
  /** Of shares (0-1) the difference; of latencies (medians, ms) the median of the pairs' ratios - 1. */
  scale: 'difference' | 'ratio'
  /** Figures over these pairs; null without pairs. */
  value: number | null
  valueOfOther: number | null
  change: number | null
  low: number | null
  high: number | null
  /** `unclear`: the interval reaches over 0. */
  verdict: 'better' | 'worse' | 'unclear'
}

/** What a difference is measured to be. */
export type Change = Pick<
  Difference,
  'pairs' | 'scale' | 'value' | 'valueOfOther' | 'change' | 'low' | 'high'
>
