/**
 * Stands for `URL` in bundles for k6, whose engine has none, as far as @cfworker/json-schema uses it: it
 * resolves the `$id` and `$ref` of schemas. References within a schema resolve as in RFC 3986, 5.2; of those
 * to other documents, which nothing loads, only their spelling counts.
 */
export class URL {
  /**
   * @param {string} reference
   * @param {string} [base]
   */
  constructor(reference, base = '') {
    const whole = /^[a-z][a-z\d+.-]*:/i.test(reference) ? reference : resolved(reference, base)
    const mark = whole.indexOf('#')
    this.page = mark < 0 ? whole : whole.slice(0, mark)
    this.fragment = mark < 0 ? '' : whole.slice(mark + 1)
  }

  get hash() {
    return this.fragment === '' ? '' : `#${this.fragment}`
  }

  /** @param {string} value with or without `#` */
  set hash(value) {
    this.fragment = value.replace(/^#/, '')
  }

  get href() {
    return this.page + this.hash
  }
}

/**
 * @param {string} reference
 * @param {string} base
 */
function resolved(reference, base) {
  const page = base.split('#', 1)[0] ?? ''
  if (reference === '' || reference.startsWith('#')) return page + reference
  const [origin = ''] = /^[a-z][a-z\d+.-]*:(?:\/\/[^/]*)?/i.exec(page) ?? []
  if (reference.startsWith('/')) return origin + reference
  return page.slice(0, Math.max(page.lastIndexOf('/') + 1, origin.length)) + reference
}
