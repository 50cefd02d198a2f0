export { AccessChanges, type AccessKind, type AccessReader } from './access-changes.ts';
export { secretHash } from './secret-hash.ts';
export { SharedKeyStore } from './shared-key-store.ts';
