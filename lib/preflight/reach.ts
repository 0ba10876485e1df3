const unchecked = 'or go without the check by K6_INSECURE_SKIP_TLS_VERIFY=true'

const ADVICE: Readonly<Record<string, string>> = {
  tls_unknown_authority: `name a file with the certificate of its authority in SSL_CERT_FILE, ${unchecked}`,
  tls_name_mismatch: `BASE_URL must have a name of the certificate (RESOLVE says where it leads), ${unchecked}`,
  tls_expired: `renew the certificate, or check this machine's clock, ${unchecked}`,
  tls_client_certificate:
    'give the client certificate that the server asks for: TLS_CERT and TLS_KEY',
  tls_handshake: 'does the server speak TLS on this port? Else BASE_URL begins with http://',
}

/** What to do where a server cannot be reached. @param reason of a `connect_error` */
export function reachAdvice(reason: string): string {
  return ADVICE[reason] ?? 'is the server running, and is BASE_URL right?'
}
