/** How files begin that are no text of requests, and what is to be done with them. */
const KINDS: readonly (readonly [RegExp, string])[] = [
  [/^PK\x03\x04/, 'a zip archive: unpack it first'],
  [/^\x1f[\x8b\ufffd]/, 'a gzip file: unpack it first, or name it with .gz'],
  [/^\(\ufffd\/\ufffd/, 'a zstd file: unpack it first (zstd -d)'],
  [/^BZh\d/, 'a bzip2 file: unpack it first (bunzip2)'],
  [/^PAR1/, 'a Parquet file: convert it first (k6-inference trace convert, or dataset convert)'],
  [/^SQLite format 3/, 'an SQLite database: export the table as CSV first'],
  [/^%PDF-/, 'a PDF'],
  [
    /^version https:\/\/git-lfs\.github\.com/,
    'a Git LFS pointer, not the file itself: run git lfs pull',
  ],
  [/^\s*<(?:!doctype|html|head|body)\b/i, 'an HTML page, not the file itself: download it anew'],
  [/^\s*<\?xml/i, 'an XML file'],
]

/**
 * What a file is that is no text in UTF-8, by its beginning as decoded from UTF-8; undefined for all
 * else. Said in place of "unknown header" it spares people a search.
 */
export function foreignKind(start: string): string | undefined {
  const clean = start.charCodeAt(0) === 0xfeff ? start.slice(1) : start
  const known = KINDS.find(([pattern]) => pattern.test(clean))
  if (known !== undefined) return known[1]
  const head = clean.slice(0, 64)
  const zeros = head.split('\0').length - 1
  if (zeros === 0) return undefined
  if (zeros * 4 >= head.length)
    return 'text in UTF-16: save it as UTF-8 (iconv -f UTF-16 -t UTF-8, or Excel\'s "CSV UTF-8")'
  return 'a binary file'
}
