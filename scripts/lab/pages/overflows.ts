/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
// Finds what does not fit in a page or picture. This file runs in the browser, and uses nothing from outside it.

interface Box {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

/** Pixels that are lost in rounding, and the breadth of a line at the edge of its panel. */
const slack = 1.5

/** What does not fit, in words; none when all is well. `mayScroll`: on a telephone, wide tables move within their boxes. */
export function findOverflows({ mayScroll }: { readonly mayScroll: boolean }): string[] {
  const pictures = [...document.querySelectorAll('svg')].filter((svg) => svg.ownerSVGElement === null)
  return [...new Set([...overflowsOfPage(mayScroll), ...pictures.flatMap(overflowsOfPicture)])]
}

function overflowsOfPage(mayScroll: boolean): string[] {
  const wide = document.documentElement.scrollWidth
  const found = wide > window.innerWidth ? [`the page is ${wide} wide of ${window.innerWidth}`] : []
  for (const element of document.querySelectorAll('body *')) {
    if (element.closest('svg') !== null && element.tagName !== 'svg') continue
    const { overflowX, display } = getComputedStyle(element)
    const [has, wants] = [element.clientWidth, element.scrollWidth]
    const moves = mayScroll && isMoving(element)
    if (display !== 'inline' && wants > has + slack && !moves && overflowX !== 'visible')
      found.push(`${nameOf(element)} is ${has} wide and needs ${wants}`)
    const box = element.getBoundingClientRect()
    const around = movingAround(element)
    const leaves = box.left < -slack || box.right > window.innerWidth + slack
    if (leaves && !(mayScroll && around !== null)) found.push(`${nameOf(element)} leaves the page`)
    const parent = element.parentElement!.getBoundingClientRect()
    if (box.width > 0 && box.right > parent.right + slack && around === null && display !== 'inline')
      found.push(`${nameOf(element)} leaves what it is in`)
  }
  return found
}

function isMoving(element: Element): boolean {
  return /auto|scroll/.test(getComputedStyle(element).overflowX)
}

/** The box in which an element moves when it is wider than that. */
function movingAround(element: Element): Element | null {
  for (let at = element.parentElement; at !== null; at = at.parentElement) if (isMoving(at)) return at
  return null
}

function overflowsOfPicture(picture: SVGSVGElement): string[] {
  const found: string[] = []
  const texts = [...picture.querySelectorAll('text')].filter((text) => text.textContent.trim() !== '')
  const corners = texts.map(cornersOf)
  const boxes = corners.map(boxOf)
  for (const [index, text] of texts.entries()) {
    if (framesOf(text).some((frame) => !isWithin(text.getBoundingClientRect(), frame)))
      found.push(`${nameOf(text)} leaves the picture`)
    // Vega ends so what it cuts off.
    if (text.textContent.trim().endsWith('…')) found.push(`${nameOf(text)} is cut off`)
    for (let other = index + 1; other < texts.length; other++)
      if (doTouch(boxes[index]!, boxes[other]!) && doOverlap(corners[index]!, corners[other]!))
        found.push(`${nameOf(text)} is on ${nameOf(texts[other]!)}`)
  }
  for (const mark of picture.querySelectorAll('.role-mark path, .role-mark line, .role-mark text')) {
    if (mark.matches('.background, .foreground')) continue
    const panel = panelOf(mark)
    if (panel !== null && !isWithin(mark.getBoundingClientRect(), panel))
      found.push(`${nameOf(mark)} leaves its panel: ${mark.getAttribute('aria-label') ?? ''}`)
  }
  return [...found, ...overflowsOfSquares(picture)]
}

/** Of a heat map, whose squares say their row and column: what is written in a square must fit in it. */
function overflowsOfSquares(picture: Element): string[] {
  return [...picture.querySelectorAll('.mark-rect.role-mark')].flatMap((rects) => {
    const texts = [...(rects.parentElement?.querySelectorAll(':scope > .mark-text.role-mark text') ?? [])]
    return [...rects.querySelectorAll('path[aria-label*="column: "]')].flatMap((square, index) => {
      const text = texts[index]
      const fits = text !== undefined && isWithin(text.getBoundingClientRect(), square.getBoundingClientRect())
      return fits ? [] : [`${text === undefined ? 'nothing' : nameOf(text)} is not in its square`]
    })
  })
}

/** The pictures around an element, one within the other: each cuts off what leaves it. */
function framesOf(element: SVGElement): Box[] {
  const svg = element.ownerSVGElement
  if (svg === null) return []
  const { x, y, width, height } = svg.viewBox.baseVal
  const matrix = svg.getScreenCTM()
  if (width === 0 || matrix === null) return framesOf(svg)
  const corners = [new DOMPoint(x, y), new DOMPoint(x + width, y + height)].map((point) =>
    point.matrixTransform(matrix),
  )
  return [boxOf(corners), ...framesOf(svg)]
}

/** The area of the plot that a mark is in; Vega draws its background first. */
function panelOf(mark: Element): Box | null {
  for (let at = mark.parentElement; at !== null && at.tagName !== 'svg'; at = at.parentElement) {
    const background = at.querySelector(':scope > g > path.background')
    const box = background?.getBoundingClientRect()
    if (box !== undefined && box.width > 0 && box.height > 0) return box
  }
  return null
}

/** Of text, turned or not: the corners of what is written, without the room that a line keeps above and below. */
function cornersOf(text: SVGTextElement): DOMPoint[] {
  const { x, y, width, height } = text.getBBox()
  const matrix = text.getScreenCTM()!
  const [top, bottom] = [y + height * 0.18, y + height * 0.82]
  return [
    new DOMPoint(x, top),
    new DOMPoint(x + width, top),
    new DOMPoint(x + width, bottom),
    new DOMPoint(x, bottom),
  ].map((corner) => corner.matrixTransform(matrix))
}

function boxOf(points: readonly DOMPoint[]): Box {
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)]
  return { left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) }
}

function isWithin(inner: Box, outer: Box): boolean {
  return (
    inner.left >= outer.left - slack &&
    inner.right <= outer.right + slack &&
    inner.top >= outer.top - slack &&
    inner.bottom <= outer.bottom + slack
  )
}

/** Hardly any two of the hundreds of texts of a picture: only these need be looked at closely. */
function doTouch(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
}

/** Whether no side of either keeps these two rectangles apart. */
function doOverlap(a: readonly DOMPoint[], b: readonly DOMPoint[]): boolean {
  return [a, b].every((corners) =>
    [0, 1].every((side) => {
      const [from, to] = [corners[side]!, corners[side + 1]!]
      const length = Math.hypot(to.x - from.x, to.y - from.y) || 1
      const along = ({ x, y }: DOMPoint): number => (x * (to.y - from.y) + y * (from.x - to.x)) / length
      const [mine, theirs] = [a.map(along), b.map(along)]
      const shared = Math.min(Math.max(...mine), Math.max(...theirs)) - Math.max(Math.min(...mine), Math.min(...theirs))
      return shared > 0.5
    }),
  )
}

function nameOf(element: Element): string {
  const words = (element.textContent ?? '').trim().replaceAll(/\s+/g, ' ')
  return `<${element.tagName.toLowerCase()}>${words === '' ? '' : ` "${words.slice(0, 50)}"`}`
}
