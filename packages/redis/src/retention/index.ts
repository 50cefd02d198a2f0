export { retention } from './retention.ts';
