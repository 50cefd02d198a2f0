import { z } from 'zod';

/** Why a session gets less than it could: fewer partials, or finals that come later. */
export const degradedReasonSchema = z.enum(['rate-limited', 'engine-down', 'overloaded', 'over-budget']);
export type DegradedReason = z.infer<typeof degradedReasonSchema>;
