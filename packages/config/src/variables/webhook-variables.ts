import { z } from 'zod';
import { optional, type Variable } from '../variable.ts';

const minSecretChars = 16;
const httpUrl = z.url({ protocol: /^https?$/ }).refine((url) => {
  const parsed = URL.parse(url);
  return parsed?.username === '' && parsed.password === '';
}, 'must not contain a user or a password');

/** The webhook that is told of ended sessions. */
export const webhookVariables = {
  WEBHOOK_URL: {
    ...optional(httpUrl, {
      allowed: 'an http or https URL without a user or a password; WEBHOOK_SECRET must be set too',
      description: 'Receives an HTTP request for each session that has ended (docs/webhook.md). Unset: there are none.',
      readBy: ['up', 'worker'],
      // It may contain a token.
      secret: true,
    }),
    schemaWithin: (environment) =>
      httpUrl.refine(() => (environment['WEBHOOK_SECRET'] ?? '') !== '', 'needs WEBHOOK_SECRET'),
  },
  WEBHOOK_SECRET: optional(z.string().min(minSecretChars).max(1000), {
    allowed: `${minSecretChars} to 1000 characters`,
    description: 'Signs the requests to WEBHOOK_URL.',
    readBy: ['up', 'worker'],
    secret: true,
  }),
} as const satisfies Record<string, Variable<string | undefined>>;
