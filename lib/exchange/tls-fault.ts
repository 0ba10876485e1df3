/** Why a server and a client agreed on no TLS connection; reasons of `connect_error`. */
export const TLS_FAULTS = [
  'tls_unknown_authority', // the certificate is of an authority that this machine does not trust
  'tls_name_mismatch', // the certificate is for another name than that of BASE_URL
  'tls_expired', // the certificate has expired, or is not valid yet
  'tls_client_certificate', // the server wants a client certificate, or refused the one it got
  'tls_handshake', // anything else, such as a server that speaks no TLS
] as const

export type TlsFault = (typeof TLS_FAULTS)[number]

/** In the words of Go's crypto/tls and crypto/x509, which differ a little between systems, and of k6/http. */
const WORDS: readonly (readonly [RegExp, TlsFault])[] = [
  [
    /certificate required|bad certificate|remote error: tls:.*certificate/i,
    'tls_client_certificate',
  ],
  [/unknown authority|not trusted|self.signed/i, 'tls_unknown_authority'],
  [/expired|not yet valid/i, 'tls_expired'],
  [
    /valid for|match hostname|cannot validate certificate for|any names|legacy Common Name/i,
    'tls_name_mismatch',
  ],
]

/** @returns what is wrong, from an engine's error message; undefined when it is not about TLS */
export function tlsFault(message: string): TlsFault | undefined {
  if (!/\btls\b|x509|certificate|HTTPS client/i.test(message)) return undefined
  return WORDS.find(([words]) => words.test(message))?.[1] ?? 'tls_handshake'
}
