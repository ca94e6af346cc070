/** The middle value; the mean of the two in the middle when their number is even.
 *  @throws RangeError for an empty list. */
export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

/** The value below which `percent` of the values lie, interpolated between neighbours.
 *  @throws RangeError for an empty list. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  const position = ((sorted.length - 1) * percent) / 100;
  const below = sorted[Math.floor(position)];
  const above = sorted[Math.ceil(position)];
  if (below === undefined || above === undefined) throw new RangeError('there is nothing to take a value of');
  return below + (above - below) * (position - Math.floor(position));
}

/** Measures every variant once a round, each round in another order, so that what disturbs the machine for a while
 *  hits all of them alike. @returns the measurements of each variant, in the order given. */
export async function interleaved<Variant, Measurement>(
  rounds: number,
  variants: readonly Variant[],
  measure: (variant: Variant, round: number) => Promise<Measurement>,
): Promise<{ variant: Variant; measurements: Measurement[] }[]> {
  const results = variants.map((variant) => ({ variant, measurements: [] as Measurement[] }));
  for (let round = 0; round < rounds; round += 1) {
    const turned = results.map((_, index) => results[(index + round) % results.length]);
    for (const result of turned) {
      if (result !== undefined) result.measurements.push(await measure(result.variant, round));
    }
  }
  return results;
}
