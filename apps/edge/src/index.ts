export { startEdge } from './start-edge.ts';
