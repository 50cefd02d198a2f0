export { secretHash } from './secret-hash.ts';
export { SharedKeyStore } from './shared-key-store.ts';
