// usage: node scripts/setup/with-setup.mjs start [arguments of `hearsay run`]   (npm start -- ...)
//        node scripts/setup/with-setup.mjs test [arguments of vitest]          (npm test -- ...)
// Sets up what is missing, then runs the command on the Node that the repository brings along.

const major = Number(process.versions.node.split('.')[0])
if (major < 18) {
  process.stderr.write(`Set-up needs Node 18 or later; this is ${process.version}. See https://nodejs.org.\n`)
  process.exit(1)
}
// Loaded only now, so that an older Node gets the sentence above and not a syntax error.
import('./commands.mjs').then(async ({ main }) => {
  process.exitCode = await main(process.argv.slice(2))
})
