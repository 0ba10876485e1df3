import type { PageData } from '../../../lib/html/index.ts'

/** Lets a reader mark the answers of the page, and save the marks as a file: a page cannot write one itself. */
export function review({ name, file }: NonNullable<PageData['reviews']>): void {
  // Also of answers that this page does not show: what it saves replaces an earlier file.
  const marks = new Map(file.reviews.map((one) => [one.id, one]))
  const said = document.getElementById('marks-said')
  let unsaved = false

  for (const element of document.querySelectorAll<HTMLElement>('.marking')) element.hidden = false
  for (const answer of document.querySelectorAll<HTMLElement>('[data-answer]')) {
    const select = answer.querySelector('select')
    select?.addEventListener('change', () => mark(answer, select))
  }
  document.getElementById('save-marks')?.addEventListener('click', save)
  addEventListener('beforeunload', (event) => {
    if (unsaved) event.preventDefault()
  })

  function mark(answer: HTMLElement, { value, selectedOptions }: HTMLSelectElement): void {
    const id = answer.dataset['answer'] ?? ''
    if (value === '') marks.delete(id)
    else
      marks.set(id, { id, mark: value, at: new Date().toISOString() } as (typeof file.reviews)[0])
    const shown = answer.querySelector('.mark-said')
    if (shown !== null) shown.textContent = value === '' ? '' : (selectedOptions[0]?.text ?? '')
    unsaved = true
    say(`${marks.size} marked, not saved yet`)
  }

  function save(): void {
    const text = `${JSON.stringify({ ...file, reviews: [...marks.values()] }, null, 2)}\n`
    const link = document.createElement('a')
    link.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }))
    link.download = name
    link.click()
    URL.revokeObjectURL(link.href)
    unsaved = false
    say(`${marks.size} marked; put ${name} into the run's folder and make the report again`)
  }

  function say(text: string): void {
    if (said !== null) said.textContent = text
  }
}
