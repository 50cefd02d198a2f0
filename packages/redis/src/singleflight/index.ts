export { SingleflightStore, type SingleflightStoreOptions } from './singleflight-store.ts';
