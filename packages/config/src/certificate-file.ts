import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** The path of a PEM file; parsed it is what the file holds. */
export const certificateFileSchema = z.string().transform((path, context): string => {
  try {
    const text = readFileSync(path, 'utf8');
    if (text.includes('-----BEGIN CERTIFICATE-----')) return text;
  } catch {
    // Told like a file without certificates.
  }
  context.addIssue({ code: 'custom', message: 'can not be read, or holds no certificate' });
  return z.NEVER;
});
