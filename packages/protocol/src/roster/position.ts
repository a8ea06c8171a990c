/**
 * Where a peer stands in the roster, from 0. A number that says nothing of itself is taken for one; one that says that it is
 * something else, as the peers of a scenario do, is not.
 */
export type Position = number & { readonly kind?: 'position' }
