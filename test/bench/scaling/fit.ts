const maxRounds = 200_000;
const tolerance = 1e-10;

/**
 * Finds the coefficients, none of them negative, whose sum of products with each row is closest to that row's value (weighted least
 * squares, by coordinate descent).
 *
 * @param rows one row of factors for each value
 * @param weights by how much an error of each row counts
 */
export function fitNonNegative(
  rows: readonly (readonly number[])[],
  values: readonly number[],
  weights: readonly number[],
): number[] {
  const width = rows[0]?.length ?? 0;
  const weighted = rows.map((row, index) => row.map((factor) => factor * (weights[index] ?? 0)));
  const wanted = values.map((value, index) => value * (weights[index] ?? 0));
  const sizes = Array.from({ length: width }, (_, column) => Math.hypot(...weighted.map((row) => row[column] ?? 0)));
  // With columns of length 1, steps of all coefficients are comparable.
  const scaled = weighted.map((row) =>
    row.map((factor, column) => (sizes[column] === 0 ? 0 : factor / (sizes[column] ?? 1))),
  );
  const coefficients = Array<number>(width).fill(0);
  const errors = [...wanted];
  for (let round = 0; round < maxRounds; round++) {
    let largestStep = 0;
    for (let column = 0; column < width; column++) {
      const gradient = scaled.reduce((sum, row, index) => sum + (row[column] ?? 0) * (errors[index] ?? 0), 0);
      const before = coefficients[column] ?? 0;
      const step = Math.max(0, before + gradient) - before;
      coefficients[column] = before + step;
      for (const [index, row] of scaled.entries()) errors[index] = (errors[index] ?? 0) - step * (row[column] ?? 0);
      largestStep = Math.max(largestStep, Math.abs(step));
    }
    if (largestStep < tolerance) break;
  }
  return coefficients.map((coefficient, column) => (sizes[column] === 0 ? 0 : coefficient / (sizes[column] ?? 1)));
}
