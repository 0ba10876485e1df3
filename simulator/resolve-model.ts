import { ApiError } from './api-error.ts'

/**
 * Splits `model:fault`; a request without a model gets the first.
 *
 * @throws ApiError 404 as OpenAI's and vLLM's when there is no such model
 */
export function resolveModel(
  asked: unknown,
  models: readonly string[],
): { model: string; fault: string | undefined } {
  if (asked === undefined) return { model: models[0]!, fault: undefined }
  if (typeof asked !== 'string') throw new ApiError(400, 'model must be a text')
  if (models.includes(asked)) return { model: asked, fault: undefined }
  // From the end: names of models may hold colons themselves.
  const colon = asked.lastIndexOf(':')
  const model = colon < 0 ? asked : asked.slice(0, colon)
  if (!models.includes(model))
    throw new ApiError(404, `The model \`${asked}\` does not exist.`, {
      code: 'model_not_found',
      param: 'model',
    })
  return { model, fault: asked.slice(colon + 1) }
}
