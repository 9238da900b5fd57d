// The epochs of a job as columns of numbers, in bounded memory however many there are.

const MOST = 200_000;
const FIRST = 256;

/** A value that is not there is NaN. */
export class History {
  #columns = new Map();
  #capacity = FIRST;
  #seconds = 0;
  #stride = 1;

  length = 0;
  /** The newest epoch as it came, also if it is not kept. */
  latest = null;

  constructor(metrics = []) {
    this.metrics = metrics;
    for (const name of ["epoch", "time", "train_loss", "validation_loss", "lr", "samples_per_second", ...metrics]) {
      this.#columns.set(name, new Float64Array(FIRST));
    }
  }

  /** The first `length` of it count. */
  column(name) {
    return this.#columns.get(name);
  }

  names() {
    return [...this.#columns.keys()];
  }

  /** Every how-manieth epoch is kept. */
  get stride() {
    return this.#stride;
  }

  get lastEpoch() {
    return this.latest?.epoch ?? 0;
  }

  /** Whether any epoch has a number in a column. */
  has(name) {
    const column = this.column(name);
    for (let i = 0; i < this.length; i += 1) {
      if (!Number.isNaN(column[i])) {
        return true;
      }
    }
    return false;
  }

  /** Adds an epoch as the API tells it. One that is not new takes the place of it and of all after it. */
  add(row) {
    if (row.epoch <= this.lastEpoch) {
      this.#forgetFrom(row.epoch);
    }
    this.#seconds += row.duration_seconds ?? 0;
    this.latest = row;
    if ((row.epoch - 1) % this.#stride !== 0) {
      return;
    }
    if (this.length === MOST) {
      this.#halve();
      if ((row.epoch - 1) % this.#stride !== 0) {
        return;
      }
    }
    if (this.length === this.#capacity) {
      this.#grow();
    }
    const i = this.length;
    for (const [name, column] of this.#columns) {
      column[i] = value(row, name);
    }
    this.column("time")[i] = this.#seconds;
    this.length += 1;
  }

  #forgetFrom(epoch) {
    const epochs = this.column("epoch");
    while (this.length > 0 && epochs[this.length - 1] >= epoch) {
      this.length -= 1;
    }
    this.#seconds = this.length > 0 ? this.column("time")[this.length - 1] : 0;
  }

  #grow() {
    this.#capacity = Math.min(MOST, this.#capacity * 2);
    for (const [name, column] of this.#columns) {
      const larger = new Float64Array(this.#capacity);
      larger.set(column);
      this.#columns.set(name, larger);
    }
  }

  #halve() {
    this.#stride *= 2;
    const epochs = this.column("epoch").slice(0, this.length);
    let kept = 0;
    for (let i = 0; i < this.length; i += 1) {
      if ((epochs[i] - 1) % this.#stride === 0) {
        for (const column of this.#columns.values()) {
          column[kept] = column[i];
        }
        kept += 1;
      }
    }
    this.length = kept;
  }
}

function value(row, name) {
  const found = name in row ? row[name] : row.metrics?.[name];
  return typeof found === "number" ? found : NaN;
}
