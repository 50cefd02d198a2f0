/** Redis can never add these amounts: they or their totals are not 64-bit integers. */
export class AdditionRefusedError extends Error {
  override readonly name = 'AdditionRefusedError';
  readonly amounts: Readonly<Record<string, number>>;

  constructor(amounts: Readonly<Record<string, number>>) {
    const parts = Object.entries(amounts).map(([field, amount]) => `${field} ${amount}`);
    super(`amounts cannot be added: ${parts.join(', ')}`);
    this.amounts = amounts;
  }
}
