// What set-up says. All of it goes to stderr: stdout belongs to the command that is set up for.

const SIGN_OF_LIFE_MS = 60_000

export const say = (text) => process.stderr.write(`${text}\n`)

const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`

/** Runs an action and says in one line what was done and how long it took. */
export async function reportStep(text, action, detail = () => undefined) {
  const begun = performance.now()
  const sign = setInterval(() => say(`  … ${text}: ${seconds(performance.now() - begun)} so far`), SIGN_OF_LIFE_MS)
  try {
    const result = await action()
    const more = detail(result)
    say(`  ✓ ${text}${more === undefined ? '' : ` (${more})`}, ${seconds(performance.now() - begun)}`)
    return result
  } catch (error) {
    say(`  ✗ ${text}: ${error.message.split('\n')[0]}, ${seconds(performance.now() - begun)}`)
    throw error
  } finally {
    clearInterval(sign)
  }
}

/** Which engine training will use; loudly when it is not the native one. */
export function tellEngine(state, inFull) {
  if (state.engine === 'native') {
    if (inFull) say(`engine: native (${state.origin})`)
    return
  }
  const rule = '!'.repeat(100)
  if (!inFull) {
    say(
      '!! engine: wasm, training is slower than on the native one. Why, and the cure: node scripts/setup/native-engine.mjs',
    )
    return
  }
  say(rule)
  say('!! The native TensorFlow engine is NOT installed. Training goes on with the wasm engine.')
  say('!! What it costs: the same experiments and the same learning, but training is slower, most of all of a cnn.')
  say('!!       Runs with --engine native and --engine wasm tell how much: timeMs.training in their summary.json.')
  for (const reason of state.reasons) say(`!! Why: ${reason}`)
  say(
    '!! Cure: make one of these work: storage.googleapis.com, or python3 with pip, a package index that pip can reach',
  )
  say(
    '!!       and a C++ compiler (Debian: apt-get install python3-pip g++). Then: node scripts/setup/native-engine.mjs --force',
  )
  say(rule)
}
