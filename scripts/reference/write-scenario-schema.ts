// Writes the JSON Schemas that editors complete scenarios with: `node scripts/reference/write-scenario-schema.ts [--check]`.
import { fileURLToPath } from 'node:url'
import { contractionJsonSchema } from '@hearsay/experiment'
import { scenarioJsonSchema } from '@hearsay/scenario'
import { formatted, writeGenerated } from './generated.ts'

const schemas = { scenario: scenarioJsonSchema(), contraction: contractionJsonSchema() }
writeGenerated(
  Object.entries(schemas).map(([name, schema]) => {
    const file = fileURLToPath(new URL(`../../scenarios/${name}.schema.json`, import.meta.url))
    return [file, formatted(file, JSON.stringify(schema))]
  }),
)
