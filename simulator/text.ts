import { mix32 } from './random.ts'

// At most 5 letters: one token each with every tokenizer but `byte`, so that an answer that comes
// back in the next turn costs what it cost when it was generated.
const WORDS =
  'time year way day man thing woman life child world state group hand part place case week work night point home water room area money story fact month lot right study book eye job word issue side kind head house power hour game line end law car city name team idea kid body back face level door art war party girl guy air force'.split(
    ' ',
  )

const FOREIGN =
  'größe naïve façade 東京 こんにちは данные ελπίδα 🚀 😀👍🏽 مرحبا שלום ไทย 한국어 œuvre ångström €uro'.split(
    ' ',
  )

/** The pieces of an answer: with a leading space, so that each is a word of its own. */
export const asciiPieces = WORDS.map((word) => ` ${word}`)
export const foreignPieces = FOREIGN.map((word) => ` ${word}`)

/** Piece number `index` of the answer with this seed. */
export function answerPiece(pieces: readonly string[], seed: number, index: number): string {
  return pieces[mix32(seed, index) % pieces.length]!
}
