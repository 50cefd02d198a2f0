export { EngineProfileStore, type EngineProfile } from './engine-profile.ts';
