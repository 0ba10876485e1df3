import { readDuration } from './duration.ts'
import { value, type Read } from './outcome.ts'

/** Reads where a trace's window starts: ms after its first request, or its busiest stretch. */
export function readWindowStart(text: string): Read<number | 'busiest'> {
  return text.toLowerCase() === 'busiest' ? value('busiest' as const) : readDuration(text)
}
