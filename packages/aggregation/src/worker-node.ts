// What a worker runs that helps a workspace, in Node: new Worker(new URL(import.meta.resolve('@hearsay/aggregation/worker'))).
import { parentPort } from 'node:worker_threads'
import { serve } from './machine/threads.ts'

parentPort?.once('message', serve)
