import { count, many, money, num, percent, plain } from '../../tables/index.ts'
import type { JudgeReport, Report } from '../../results/index.ts'

/** A language model as judge: who, what it could not say, what it cost, how consistent it is. */
export function judgeRows({ quality }: Pick<Report, 'quality'>): [string, string][] {
  const judge = quality?.judge
  if (judge === undefined) return []
  const { model, scale, pass, scored, answers, consistency } = judge
  const unscored = [
    [judge.badFormat, 'not in the format'],
    [judge.timedOut, 'timed out'],
    [judge.failed, 'failed'],
  ] as const
  const without = unscored.filter(([n]) => n > 0).map(([n, what]) => `${count(n)} ${what}`)
  const rows: [string, string][] = [
    [
      'judge',
      `${model}: ${count(scored)} of ${many(answers, 'kept answer')}, mean ${num(judge.meanRating)} on ${scale.from} to ${scale.to}, passed from ${plain(pass)} on`,
    ],
  ]
  if (without.length > 0) rows.push(['judge, no score', without.join(', ')])
  rows.push(['judge, requests', requestsText(judge)])
  if (consistency !== null) {
    const { same, share, low, high } = consistency
    rows.push([
      'judge, asked again',
      `${count(same)} of ${count(consistency.answers)} got the same rating (${percent(share)}, ${percent(low)} to ${percent(high)})`,
    ])
  }
  return rows
}

/** `487 (7 replies not in the format); 412,310 tokens in and 29,480 out; 1.33 USD`. */
function requestsText(judge: JudgeReport): string {
  const { requests, badReplies, inputTokens, outputTokens, uncounted, cost, costAtMost } = judge
  const replies = badReplies === 1 ? 'reply' : 'replies'
  const bad = badReplies === 0 ? '' : ` (${count(badReplies)} ${replies} not in the format)`
  const tokens = `${count(inputTokens)} tokens in and ${count(outputTokens)} out`
  const unknown = uncounted === 0 ? '' : `, those of ${many(uncounted, 'request')} not known`
  const most = uncounted === 0 ? '' : `, at most ${money(costAtMost ?? 0)} with those not known`
  const price = cost === null ? '' : `; ${money(cost)} ${judge.currency}${most}`
  return `${count(requests)}${bad}; ${tokens}${unknown}${price}`
}
