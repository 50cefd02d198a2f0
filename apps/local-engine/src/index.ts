export { createCertificate, type Certificate } from './certificate.ts';
export { startEngine } from './start-engine.ts';
export { markTranslation, unmarkTranslation } from './translators/marked.ts';
