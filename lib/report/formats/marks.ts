import type { Tone } from '../../tables/index.ts'
import type { Report, SloVerdict } from '../../results/index.ts'

interface Mark {
  tone: Tone
  mark: string
  /** For Markdown, which has no colours. */
  emoji: string
}

/** How each status of a run is shown, in every format. */
export const STATUS_MARKS: Readonly<Record<Report['verdict']['status'], Mark>> = {
  passed: { tone: 'good', mark: '✓', emoji: '✅' },
  failed: { tone: 'bad', mark: '✗', emoji: '❌' },
  undecided: { tone: 'warn', mark: '±', emoji: '⚠️' },
  unclear: { tone: 'warn', mark: '?', emoji: '⚠️' },
  no_limits: { tone: '', mark: '·', emoji: 'ℹ️' },
  no_load: { tone: 'bad', mark: '✗', emoji: '❌' },
}

/** How the verdict on a limit is shown. */
export const LIMIT_MARKS: Readonly<
  Record<SloVerdict['verdict'], { tone: Tone; mark: string; word: string }>
> = {
  kept: { tone: 'good', mark: '✓', word: 'kept' },
  missed: { tone: 'bad', mark: '✗', word: 'missed' },
  undecided: { tone: 'warn', mark: '±', word: 'undecided' },
  unclear: { tone: 'warn', mark: '?', word: 'unclear' },
  no_value: { tone: 'warn', mark: '?', word: 'no value' },
}

/** The mark of a threshold or check of the script's own; null: k6 did not say. */
export function ownMark(ok: boolean | null): { tone: Tone; mark: string } {
  if (ok === null) return { tone: 'warn', mark: '?' }
  return ok ? { tone: 'good', mark: '✓' } : { tone: 'bad', mark: '✗' }
}
