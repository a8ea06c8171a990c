// What a worker runs that helps a workspace, in a browser: new Worker('@hearsay/aggregation/worker', { type: 'module' }).
import { type Membership, serve } from './machine/threads.ts'

declare const self: { onmessage: ((event: { readonly data: Membership }) => void) | null }

self.onmessage = ({ data }) => serve(data)
