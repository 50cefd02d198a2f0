import { httpErrorSchema } from '@parley/protocol/http-api';

/** The error replies of every route, for its schema. */
export const errorReplies = { '4xx': httpErrorSchema, '5xx': httpErrorSchema } as const;
