/**
 * A peer by its number in the scenario, 0 … peers − 1 with the liars last. Not where it stands in the roster, which is sorted by
 * ids: a `Position` is not taken for one, nor one for a `Position`.
 */
export type ScenarioIndex = number & { readonly kind?: 'scenario index' }
