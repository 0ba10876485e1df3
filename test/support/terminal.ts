/** A terminal that keeps what is written to it. */
export function terminal() {
  const written = { out: '', note: '' }
  return {
    written,
    out: (text: string) => void (written.out += text),
    note: (text: string) => void (written.note += text),
  }
}
