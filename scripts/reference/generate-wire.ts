// Generates the wire codec from its protobuf schema: `node scripts/reference/generate-wire.ts [--check]`.
// protons writes TypeScript with namespaces, which Node cannot run unbuilt, so it is compiled to JavaScript with types.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../..')
const wire = join(root, 'packages/protocol/src/wire')
const bin = (name: string): string => join(root, 'node_modules/.bin', name)

/** The generated files by name. */
export function generateWire(): Map<string, string> {
  mkdirSync(join(root, 'packages/protocol/node_modules/.cache'), { recursive: true })
  // Inside the room, so that the compiler finds the room's dependencies.
  const temporary = mkdtempSync(join(root, 'packages/protocol/node_modules/.cache/wire-'))
  try {
    cpSync(join(wire, 'envelope.proto'), join(temporary, 'envelope.proto'))
    execFileSync(bin('protons'), [join(temporary, 'envelope.proto')], { cwd: temporary, stdio: 'pipe' })
    writeFileSync(join(temporary, 'package.json'), '{"type":"module"}')
    const flags =
      '--ignoreConfig --target es2024 --module nodenext --moduleResolution nodenext --declaration --skipLibCheck --types node'
    execFileSync(bin('tsc'), [join(temporary, 'envelope.ts'), '--outDir', temporary, ...flags.split(' ')], {
      cwd: temporary,
      stdio: ['ignore', 'inherit', 'inherit'],
    })
    const header = '// Generated from envelope.proto by scripts/reference/generate-wire.ts: do not edit.\n'
    return new Map([
      ['envelope.pb.js', header + readFileSync(join(temporary, 'envelope.js'), 'utf8')],
      ['envelope.pb.d.ts', header + readFileSync(join(temporary, 'envelope.d.ts'), 'utf8')],
    ])
  } finally {
    rmSync(temporary, { recursive: true, force: true })
  }
}

if (import.meta.main) {
  const check = process.argv.includes('--check')
  for (const [name, text] of generateWire()) {
    const path = join(wire, name)
    if (!check) writeFileSync(path, text)
    else if (readFileSync(path, 'utf8') !== text) {
      console.error(`${path} is not what its schema gives. Run: node scripts/reference/generate-wire.ts`)
      process.exitCode = 1
    }
  }
}
