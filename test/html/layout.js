// @ts-nocheck: the tests have no types of a browser.
// Runs in the browser: what a reader would stumble over on the page that is shown, one line each.
;(() => {
  const found = []
  const width = document.documentElement.clientWidth
  if (document.documentElement.scrollWidth > width) found.push('the page scrolls to the side')

  const named = (element, text) =>
    `${element.tagName.toLowerCase()}.${element.className || element.id}: ${text.slice(0, 40)}`
  const texts = []
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const element = node.parentElement
    const text = node.textContent.trim()
    if (text === '' || element.closest('script, style, noscript, .skip')) continue
    if (!element.checkVisibility()) continue
    const range = document.createRange()
    range.selectNodeContents(node)
    const rects = [...range.getClientRects()].filter((rect) => rect.width > 0)
    if (rects.length > 0) texts.push({ element, text, rects })
  }

  for (const { element, text, rects } of texts) {
    // Boxes that scroll, and words that may break anywhere (addresses, commands), are meant to.
    const scrolls = element.closest('.scroll') !== null
    if (!scrolls && rects.some((rect) => rect.left < -1 || rect.right > width + 1)) {
      found.push(`out of view, ${named(element, text)}`)
    }
    const lines = new Set(rects.map((rect) => Math.round(rect.top))).size
    if (!element.closest('h1, dd, pre, .hint') && lines > text.split(/[\s–—/-]+/).length + 1) {
      found.push(`broken inside words, ${named(element, text)}`)
    }
    const ratio = contrast(element)
    const { fontSize, fontWeight } = getComputedStyle(element)
    const large = parseFloat(fontSize) >= 24 || (parseFloat(fontSize) >= 18.6 && fontWeight >= 700)
    if (ratio < (large ? 3 : 4.5)) {
      found.push(`contrast ${ratio.toFixed(2)}, ${named(element, text)}`)
    }
  }

  const boxes = texts
    .filter(({ element }) => !element.closest('.scroll, .uplot'))
    .flatMap(({ element, text, rects }) => rects.map((rect) => ({ element, text, rect })))
    .sort((a, b) => a.rect.top - b.rect.top)
  boxes.forEach((a, i) => {
    for (let k = i + 1; k < boxes.length && boxes[k].rect.top < a.rect.bottom - 3; k++) {
      const b = boxes[k]
      if (a.rect.left < b.rect.right - 1 && b.rect.left < a.rect.right - 1) {
        found.push(`over each other, ${named(a.element, a.text)} and ${named(b.element, b.text)}`)
      }
    }
  })
  return [...new Set(found)]

  /** WCAG 2.2, 1.4.3: relative luminances of text and of the nearest background behind it. */
  function contrast(element) {
    const [text, back] = [channels(getComputedStyle(element).color), background(element)]
    const [light, dark] = [luminance(text), luminance(back)].sort((a, b) => b - a)
    return (light + 0.05) / (dark + 0.05)
  }
  function background(element) {
    for (let at = element; at !== null; at = at.parentElement) {
      const color = channels(getComputedStyle(at).backgroundColor)
      if (color[3] === undefined || color[3] === 1) return color
    }
    return [255, 255, 255]
  }
  function channels(color) {
    return color.match(/[\d.]+/g).map(Number)
  }
  function luminance([r, g, b]) {
    const [lr, lg, lb] = [r, g, b].map((value) => {
      const share = value / 255
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * lr + 0.7152 * lg + 0.0722 * lb
  }
})()
