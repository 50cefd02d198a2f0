export { startEngine } from './start-engine.ts';
export { markTranslation, unmarkTranslation } from './translators/marked.ts';
