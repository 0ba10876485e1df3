import { scriptPairs } from './scripts.ts'

/** Whether a text has anything but what ASCII text has; native and quick, as most answers have nothing else. */
const NOT_PLAIN = /[^\t\n\r\x20-\x7e]/
/** What stands for bytes that are no UTF-8. */
const REPLACED = /\ufffd/g
/** Control characters, non-characters and private ones, and halves of characters beyond U+FFFF. */
const NO_TEXT =
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u0008\u000b\u000e-\u001a\u001c-\u001f\u007f-\u0084\u0086-\u009f\ue000-\uf8ff\ufdd0-\ufdef\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?:^|[^\ud800-\udbff])[\udc00-\udfff]/
/** UTF-8 read as Latin-1 or Windows-1252 (`Ã©`, `â€™`), and bytes as tokenizers spell them (`Ġ`, `▁`). */
const MISREAD =
  /\u00c3[\u0080-\u00bf]|\u00e2\u20ac[\u2019\u201c\u2122\u02dc\u0153\u009d]|[\u0120\u010a](?=\w)|\u2581/g
const BYTES = /<0x[0-9A-F]{2}>/g

/** One at the end is half a character, cut off with the answer. */
const MOST_REPLACED = 1
const MOST_MISREAD = 2

/** Whether a text has characters that no text has: the wrong bytes, or the right ones read wrongly. */
export function garbled(text: string): boolean {
  if (text.includes('<0x') && count(text, BYTES) > MOST_MISREAD) return true
  if (!NOT_PLAIN.test(text)) return false
  if (NO_TEXT.test(text)) return true
  const replaced = count(text, REPLACED)
  if (replaced > MOST_REPLACED || (replaced === 1 && !text.trimEnd().endsWith('\ufffd')))
    return true
  return count(text, MISREAD) > MOST_MISREAD
}

/** Ends and beginnings of turns in the templates of ChatML, Llama 2 and 3, Gemma, DeepSeek and Mistral. */
const SPECIAL =
  /<\|(?:im_start|im_end|endoftext|eot_id|end_of_text|begin_of_text|start_header_id|end_header_id|eom_id|end)\|>|<(?:start|end)_of_turn>|<\uff5c[^\uff5c\n]{1,40}\uff5c>|<\/s>|\[\/?INST\]/
const CODE = /```[\s\S]*?(?:```|$)|`[^`\n]*`/g

/** Whether a text holds the model's own markers, outside of code: they should have ended it. */
export function hasSpecialTokens(text: string): boolean {
  return SPECIAL.test(text) && SPECIAL.test(text.replace(CODE, ''))
}

/** So many places may be typing errors or quotations. */
const MOST_MIXED = 2

/**
 * Whether letters of scripts that do not belong together touch inside words (`дomaиn東`), as where tokens are
 * drawn at random. Several languages beside each other, as in translations, are not mixed.
 */
export function mixesScripts(text: string): boolean {
  return NOT_PLAIN.test(text) && count(text, scriptPairs()) > MOST_MIXED
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0
}
