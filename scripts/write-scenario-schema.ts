import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { scenarioJsonSchema } from '../packages/simulator/src/scenario/json-schema.ts'

/** Writes the JSON Schema that editors complete scenarios with; a test checks that the file is current. */
const file = fileURLToPath(new URL('../scenarios/scenario.schema.json', import.meta.url))
writeFileSync(file, JSON.stringify(scenarioJsonSchema()))
const biome = fileURLToPath(new URL('../node_modules/.bin/biome', import.meta.url))
execFileSync(biome, ['format', '--write', file], { stdio: 'inherit' })
