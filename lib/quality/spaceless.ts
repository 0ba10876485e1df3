/** Scripts that write no spaces between words, as the inside of a character class: Thai, Lao, Burmese, Khmer, Chinese, Japanese. */
export const SPACELESS =
  '\\u0e00-\\u0eff\\u1000-\\u109f\\u1780-\\u17ff\\u3040-\\u30ff\\u3400-\\u9fff'
