/**
 * Returns a join code as the server made it, whatever a reader typed: codes have Crockford's base 32, so case, spaces and hyphens
 * don't matter, O is read as 0, and I and L as 1 (https://www.crockford.com/base32.html).
 */
export function canonicalJoinCode(code: string): string {
  return code.replace(/[\s-]/gu, '').toUpperCase().replaceAll('O', '0').replace(/[IL]/g, '1');
}
