import { NO_TAGS, type AddSample } from './adding.ts'

/**
 * Samples of one answer under load that was compared with the answer to the same prompt before the load.
 * @param word first word that differs, from 1; undefined where the answers are the same
 */
export function divergenceSamples(word: number | undefined, add: AddSample): void {
  add('llm_compared', 1, NO_TAGS)
  add('llm_answer_diverged', word === undefined ? 0 : 1, NO_TAGS)
  if (word === undefined) return
  add('llm_diverged', 1, NO_TAGS)
  add('llm_diverged_at', word, NO_TAGS)
}
