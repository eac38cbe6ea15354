/**
 * The exponential moving average as TensorBoard defines it: each value counts `1 - weight`, what
 * came before `weight`, and the start is divided by what its weights sum up to (debiased).  What is
 * not finite stays as it is and is not counted; a constant stays constant.
 */
export function smoothed(values: Float64Array, weight: number): Float64Array {
  if (weight <= 0 || values.every(value => value === values[0])) {
    return values;
  }
  let average = 0;
  let rest = 1;
  return values.map(value => {
    if (!Number.isFinite(value)) {
      return value;
    }
    average = average * weight + (1 - weight) * value;
    rest *= weight;
    return average / (1 - rest);
  });
}
