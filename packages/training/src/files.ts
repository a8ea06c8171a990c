/** Models in files: their own, and those of other programs. */
export { type About, aboutSchema } from './files/about.ts'
export { type Description, describedModel } from './files/description.ts'
export { arraysOf, encodeModel, type ModelFile, type NamedModel, readModel } from './files/model-file.ts'
export { encodeOnnx } from './files/onnx/onnx.ts'
export { encodeTfjs, encodeTopology } from './files/tfjs.ts'
export { plansOf } from './files/traced-layers.ts'
export { planLayers } from './layers/plan.ts'
