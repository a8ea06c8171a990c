/** Models in files: their own, and those of other programs. */
export { type About, aboutSchema } from './files/about.ts'
export { arraysOf, encodeModel, type ModelFile, type NamedModel, readModel } from './files/model-file.ts'
export { encodeOnnx } from './files/onnx/onnx.ts'
export { encodeTfjs } from './files/tfjs.ts'
export { planLayers } from './layers/plan.ts'
export { namedModel } from './named-model.ts'
