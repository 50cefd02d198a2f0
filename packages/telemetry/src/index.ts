export { errorFields, type ErrorFields } from './error-fields.ts';
export { createLogger, type Logger } from './logger.ts';
