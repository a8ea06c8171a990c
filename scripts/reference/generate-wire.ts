// Generates the codecs of protobuf schemas, of the wire and of ONNX: `node scripts/reference/generate-wire.ts [--check]`.
// protons writes TypeScript with namespaces, which Node cannot run unbuilt, so it is compiled to JavaScript with types.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeGenerated } from './generated.ts'

const root = join(import.meta.dirname, '../..')
const bin = (name: string): string => join(root, 'node_modules/.bin', name)

/** Where a schema is, `<name>.proto` in a folder of a package. */
interface Schema {
  readonly room: string
  readonly folder: string
  readonly name: string
}

const schemas: readonly Schema[] = [
  { room: 'protocol', folder: 'wire', name: 'envelope' },
  { room: 'training', folder: 'files/onnx', name: 'onnx' },
]

/** The generated files by path. */
function generate({ room, folder, name }: Schema): Map<string, string> {
  const place = join(root, 'packages', room, 'src', folder)
  const cache = join(root, 'packages', room, 'node_modules/.cache')
  mkdirSync(cache, { recursive: true })
  // Inside the room, so that the compiler finds the room's dependencies.
  const temporary = mkdtempSync(join(cache, 'wire-'))
  try {
    cpSync(join(place, `${name}.proto`), join(temporary, `${name}.proto`))
    execFileSync(bin('protons'), [join(temporary, `${name}.proto`)], { cwd: temporary, stdio: 'pipe' })
    writeFileSync(join(temporary, 'package.json'), '{"type":"module"}')
    const flags =
      '--ignoreConfig --target es2024 --module nodenext --moduleResolution nodenext --declaration --skipLibCheck --types node'
    execFileSync(bin('tsc'), [join(temporary, `${name}.ts`), '--outDir', temporary, ...flags.split(' ')], {
      cwd: temporary,
      stdio: ['ignore', 'inherit', 'inherit'],
    })
    const header = `// Generated from ${name}.proto by scripts/reference/generate-wire.ts: do not edit.\n`
    const generated = (extension: string) => header + readFileSync(join(temporary, `${name}.${extension}`), 'utf8')
    return new Map(['js', 'd.ts'].map((extension) => [join(place, `${name}.pb.${extension}`), generated(extension)]))
  } finally {
    rmSync(temporary, { recursive: true, force: true })
  }
}

writeGenerated(schemas.flatMap((schema) => [...generate(schema)]))
