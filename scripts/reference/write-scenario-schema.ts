import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { contractionJsonSchema } from '@hearsay/experiment'
import { scenarioJsonSchema } from '@hearsay/scenario'

/** Writes the JSON Schemas that editors complete scenarios with; tests check that the files are current. */
const schemas = { scenario: scenarioJsonSchema(), contraction: contractionJsonSchema() }
const biome = fileURLToPath(new URL('../../node_modules/.bin/biome', import.meta.url))
for (const [name, schema] of Object.entries(schemas)) {
  const file = fileURLToPath(new URL(`../../scenarios/${name}.schema.json`, import.meta.url))
  writeFileSync(file, JSON.stringify(schema))
  execFileSync(biome, ['format', '--write', file], { stdio: 'inherit' })
}
