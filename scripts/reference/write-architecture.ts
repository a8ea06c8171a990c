// Draws the rooms and their arrows, as the sources import, for docs/architecture.md: `node scripts/reference/write-architecture.ts [--check]`.
import { writeFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { toPng } from '@hearsay/results/pictures'
import { importsOf, roomOf } from '../house/imports.ts'
import { isTest, roomsOf, sourcesOf } from '../house/rooms.ts'
import { isCheck, writeGenerated } from './generated.ts'

/** Its PNG is for where SVG is not shown. */
export const architectureFile = fileURLToPath(new URL('../../docs/architecture.svg', import.meta.url))

const root = join(import.meta.dirname, '../..')

interface Drawn {
  readonly room: string
  /** Its folders, without those in them. */
  readonly folders: readonly string[]
  /** The rooms that its sources import. */
  readonly imports: ReadonlySet<string>
}

const width = 250
const gap = 40
const lineHeight = 18
const lettersOfLine = 34
const rowGap = 64

/** The rooms, from those that import nothing on; tests are left out. */
function drawnRooms(): Drawn[] {
  return roomsOf(root).map((room) => {
    const files = sourcesOf(root, room).filter(({ path }) => !isTest(path))
    const others = files.flatMap(({ program }) => importsOf(program).flatMap(({ from }) => roomOf(from) ?? []))
    const folders = files.map(({ path }) => posix.relative(`packages/${room}/src`, path).split('/'))
    return {
      room,
      folders: [...new Set(folders.flatMap(([first, ...rest]) => (rest.length > 0 ? first! : [])))].sort(),
      imports: new Set(others.filter((other) => other !== room)),
    }
  })
}

/** How many rooms are above it, one on the other. */
function depthOf({ room }: Drawn, rooms: readonly Drawn[]): number {
  return Math.max(-1, ...rooms.filter(({ imports }) => imports.has(room)).map((other) => depthOf(other, rooms))) + 1
}

/** The rooms that it imports and that none of the others it imports brings with it: arrows to the rest say nothing new. */
function nearest({ imports }: Drawn, rooms: readonly Drawn[]): string[] {
  const reach = (room: string): string[] => {
    const found = rooms.find((each) => each.room === room)
    return [...(found?.imports ?? [])].flatMap((each) => [each, ...reach(each)])
  }
  return [...imports].filter((room) => ![...imports].some((other) => reach(other).includes(room))).sort()
}

/** The picture. */
export function architecture(): string {
  const rooms = drawnRooms()
  const byDepth = Map.groupBy(rooms, (room) => depthOf(room, rooms))
  const rows = [...byDepth].sort(([a], [b]) => a - b).map(([, row]) => row)
  const widest = Math.max(...rows.map((row) => row.length)) * (width + gap) + gap
  const boxes = new Map<string, { x: number; y: number; height: number; lines: string[] }>()
  let y = gap
  for (const row of rows) {
    const left = (widest - row.length * (width + gap) + gap) / 2
    const lines = row.map(({ folders }) => wrapped(folders))
    for (const [at, { room }] of row.entries()) {
      const height = 36 + lineHeight * lines[at]!.length
      boxes.set(room, { x: left + at * (width + gap), y, height, lines: lines[at]! })
    }
    y += 36 + lineHeight * Math.max(...lines.map(({ length }) => length)) + rowGap
  }
  const arrows = rooms.flatMap((from) =>
    nearest(from, rooms).map((to) => {
      const [above, below] = [boxes.get(from.room)!, boxes.get(to)!]
      const x1 = above.x + width / 2
      // Where it is nearest, so that it passes by what is between.
      const x2 = Math.min(Math.max(x1, below.x + 12), below.x + width - 12)
      return `<line x1="${x1}" y1="${above.y + above.height}" x2="${x2}" y2="${below.y - 3}" marker-end="url(#head)"/>`
    }),
  )
  const drawn = [...boxes].map(([room, { x, y: top, height, lines }]) =>
    [
      `<rect x="${x}" y="${top}" width="${width}" height="${height}" rx="6"/>`,
      `<text x="${x + 12}" y="${top + 23}" class="room">${room}</text>`,
      ...lines.map((line, at) => `<text x="${x + 12}" y="${top + 41 + lineHeight * at}">${line}</text>`),
    ].join('\n'),
  )
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${widest} ${y - rowGap + gap}" font-family="sans-serif" font-size="13">`,
    '<title>The rooms of Hearsay: an arrow is an import, and goes down</title>',
    '<style>rect { fill: #f6f8fa; stroke: #57606a } line { stroke: #57606a; stroke-width: 1.5 } text { fill: #57606a } .room { fill: #1f2328; font-weight: bold; font-size: 15px }</style>',
    '<defs><marker id="head" markerWidth="8" markerHeight="8" refX="7" refY="4" orient="auto"><path d="M0 0 L8 4 L0 8 z" fill="#57606a"/></marker></defs>',
    `<rect width="100%" height="100%" style="fill: #ffffff; stroke: none"/>`,
    ...arrows,
    ...drawn,
    '</svg>',
  ].join('\n')}\n`
}

function wrapped(words: readonly string[]): string[] {
  const lines: string[] = []
  for (const word of words) {
    const longer = lines.length === 0 ? word : `${lines.at(-1)}, ${word}`
    if (lines.length > 0 && longer.length <= lettersOfLine) lines[lines.length - 1] = longer
    else {
      if (lines.length > 0) lines[lines.length - 1] += ','
      lines.push(word)
    }
  }
  return lines
}

if (import.meta.main) {
  const picture = architecture()
  writeGenerated([[architectureFile, picture]])
  if (!isCheck) writeFileSync(architectureFile.replace('.svg', '.png'), toPng(picture))
}
