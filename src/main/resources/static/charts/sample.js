/**
 * Fewer points that draw the same curve: of each of `buckets` parts of the rows from `from` to before `to`, those
 * where some curve is lowest and highest, so that no spike is lost.
 *
 * @returns [x, ...curves] with null for what is not there
 */
export function sample(x, curves, from, to, buckets) {
  const rows = to - from <= buckets * 2 * Math.max(1, curves.length) ? range(from, to) : extremes(curves, from, to, buckets);
  return [rows.map((i) => x[i]), ...curves.map((curve) => rows.map((i) => (Number.isFinite(curve[i]) ? curve[i] : null)))];
}

function range(from, to) {
  return Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
}

function extremes(curves, from, to, buckets) {
  const rows = [from];
  const size = (to - from) / buckets;
  for (let bucket = 0; bucket < buckets; bucket += 1) {
    const start = Math.floor(from + bucket * size);
    const end = Math.floor(from + (bucket + 1) * size);
    const found = new Set();
    for (const curve of curves) {
      let low = start;
      let high = start;
      for (let i = start + 1; i < end; i += 1) {
        if (curve[i] < curve[low] || Number.isNaN(curve[low])) {
          low = i;
        }
        if (curve[i] > curve[high] || Number.isNaN(curve[high])) {
          high = i;
        }
      }
      found.add(low).add(high);
    }
    rows.push(...[...found].sort((a, b) => a - b));
  }
  rows.push(to - 1);
  return rows.filter((row, i) => i === 0 || row > rows[i - 1]);
}

/** The first of the ascending `x` that is at least `value`, among the first `length`. */
export function indexOf(x, length, value) {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (x[middle] < value) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}
