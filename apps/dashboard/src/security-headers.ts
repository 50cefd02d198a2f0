/**
 * For every response: nothing is loaded from elsewhere, framed or guessed to be of another type. Allows the board's
 * inline styles, but not its external web font.
 */
export const securityHeaders = {
  'content-security-policy':
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; base-uri 'self'; form-action 'self'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};
