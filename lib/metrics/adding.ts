/** Takes one sample; its tags come on top of the labels of its request (phase, measured, …). */
export type AddSample = (
  metric: string,
  value: number,
  tags: Readonly<Record<string, string>>,
) => void

/** One object for all samples without tags of their own, as what is made of it is kept by object. */
export const NO_TAGS: Readonly<Record<string, string>> = {}
