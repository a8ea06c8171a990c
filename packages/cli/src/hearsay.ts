#!/usr/bin/env node
import { enableCompileCache } from 'node:module'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

// Most of the time of a short command would go into compiling. What is compiled is kept for the next one and for child processes,
// where only this user writes, since it is run; where nothing can be kept, that is no fault.
try {
  const { HEARSAY_CACHE: own, XDG_CACHE_HOME: shared } = process.env
  const caches = shared || join(homedir(), ...(process.platform === 'darwin' ? ['Library', 'Caches'] : ['.cache']))
  process.env.NODE_COMPILE_CACHE ??= join(resolve(own || join(caches, 'hearsay')), 'compiled')
  enableCompileCache(process.env.NODE_COMPILE_CACHE)
} catch {
  // A user without a home.
}
// Only now: what is imported above it is compiled before anything runs.
await import('./program.ts')
