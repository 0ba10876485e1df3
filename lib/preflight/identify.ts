import { parseObject } from '../protocols/index.ts'
import type { ModelList, Probe } from './types.ts'

/** Web servers and proxies, behind which any engine may stand. */
const anybody =
  /^(uvicorn|gunicorn|hypercorn|granian|daphne|tornado|werkzeug|aiohttp|python|nginx|openresty|envoy|istio|caddy|traefik|apache|haproxy|cloudflare|kestrel|\d)/i

/** `owned_by` of the models that an engine lists. */
const owners: Readonly<Record<string, string>> = {
  vllm: 'vLLM',
  sglang: 'SGLang',
  llamacpp: 'llama.cpp',
  library: 'Ollama',
}

/**
 * Names the engine where its header names only a web server or a proxy: by the owner of its models, else
 * by the metrics that it exposes. vLLM also tells its version (`/version`).
 *
 * @param header the answer's `server` or `via`
 * @returns e.g. `vLLM 0.11.0 (uvicorn)`; the header alone where nothing tells more
 */
export async function nameOf(
  header: string | undefined,
  models: ModelList | undefined,
  probe: Probe,
): Promise<string | undefined> {
  if (header !== undefined && !anybody.test(header)) return header
  const owner = models?.ok ? owners[models.owner?.toLowerCase() ?? ''] : undefined
  const engine = owner ?? (await probe.engine())
  if (engine === undefined) return header
  const version = engine === 'vLLM' ? versionIn((await probe.page('/version')) ?? '') : undefined
  const name = version === undefined ? engine : `${engine} ${version}`
  return header === undefined ? name : `${name} (${header})`
}

function versionIn(json: string): string | undefined {
  const version = parseObject(json)?.['version']
  return typeof version === 'string' && /^[\w.+-]{1,40}$/.test(version) ? version : undefined
}
