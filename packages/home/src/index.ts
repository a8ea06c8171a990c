export { digestsOf, isModel } from './extensions.ts'
export { FileStorage } from './file-storage.ts'
export {
  checkFree,
  createIdentity,
  extensionsIn,
  type Home,
  placeIn,
  readGenesis,
  readHome,
  type Settings,
  unwriteHome,
  writeHome,
} from './home.ts'
export { MomentumFiles } from './momentum-files.ts'
export { keepsModelOf, type Learnt, newestModel } from './newest-model.ts'
