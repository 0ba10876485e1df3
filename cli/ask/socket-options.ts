import tls from 'node:tls'
import type { Config } from '../../lib/config/index.ts'
import { readText } from '../key.ts'
import type { SocketOptions } from './transport.ts'

/** As k6 connects: with its own variables for TLS, and Go's for authorities. */
export function socketOptions({ values }: Config): SocketOptions {
  const { TLS_CERT: cert, TLS_KEY: key, RESOLVE: hosts } = values
  const authorities = process.env['SSL_CERT_FILE']
  return {
    ...(hosts === undefined ? {} : { hosts }),
    tls: {
      rejectUnauthorized: process.env['K6_INSECURE_SKIP_TLS_VERIFY'] !== 'true',
      ...(authorities ? { ca: [...tls.rootCertificates, readText(authorities)] } : {}),
      ...(cert && key ? { cert: readText(cert), key: readText(key) } : {}),
    },
  }
}
