import { REVIEW_MARKS } from '../results/index.ts'
import type { Review } from '../results/index.ts'

/** Reviews of a run's answers, as the report's page saves them: `NAME.reviews.json`. */
export interface ReviewsFile {
  format: typeof REVIEWS_FORMAT
  version: 1
  scenario: string
  /** Of the run, by which the file is told from another run's. */
  startedAt: string | null
  reviews: Review[]
}

export const REVIEWS_FORMAT = 'k6-inference-reviews'

export type ReviewsRead = { ok: true; file: ReviewsFile } | { ok: false; message: string }

/**
 * Reads a file of reviews.
 * @param data the file's JSON
 * @returns the file, or what is wrong in it
 */
export function readReviews(data: unknown): ReviewsRead {
  const { format, version, startedAt, reviews } = (data ?? {}) as Record<string, unknown>
  if (format !== REVIEWS_FORMAT) {
    return wrong(
      `is no file of reviews: "format" is ${shown(format)}; accepted: "${REVIEWS_FORMAT}"`,
    )
  }
  if (version !== 1) return wrong(`is of version ${shown(version)}; this program reads version 1`)
  if (startedAt !== null && typeof startedAt !== 'string') {
    return wrong(`"startedAt" is ${shown(startedAt)}; accepted: the start of the run, or null`)
  }
  if (!Array.isArray(reviews)) return wrong(`"reviews" is ${shown(reviews)}; accepted: a list`)
  const odd = reviews.find((review) => !isReview(review))
  if (odd !== undefined) {
    return wrong(
      `"reviews" holds ${shown(odd)}; accepted: id, mark (${REVIEW_MARKS.join(', ')}) and at (ISO 8601)`,
    )
  }
  return { ok: true, file: data as ReviewsFile }
}

/** Reviews of several files as one list: of an answer the latest mark counts. */
export function latestReviews(reviews: readonly Review[]): Review[] {
  const latest = new Map<string, Review>()
  for (const review of reviews) {
    const known = latest.get(review.id)
    if (known === undefined || Date.parse(known.at) <= Date.parse(review.at)) {
      latest.set(review.id, review)
    }
  }
  return [...latest.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
}

function isReview(value: unknown): value is Review {
  if (typeof value !== 'object' || value === null) return false
  const { id, mark, at } = value as Record<string, unknown>
  const known = (REVIEW_MARKS as readonly unknown[]).includes(mark)
  return typeof id === 'string' && known && typeof at === 'string' && !Number.isNaN(Date.parse(at))
}

function wrong(message: string): ReviewsRead {
  return { ok: false, message }
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'missing'
  return text.length > 80 ? `${text.slice(0, 80)}…` : text
}
