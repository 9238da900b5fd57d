import { h, replace, text } from "../app/dom.js";
import { ago, count, duration, elapsed, loss, when } from "../app/format.js";
import { badge, progress, reason } from "../app/states.js";
import { sparkline } from "../charts/sparkline.js";
import { follow } from "../app/follow.js";
import { spread } from "../charts/load.js";

const SPARK_POINTS = 60;

/** A job in the list. `chosen` is the set of ids to compare. */
export function jobRow(job, { chosen, onChoice, signal }) {
  const own = new AbortController();
  signal.addEventListener("abort", () => own.abort());
  const spark = sparkline();
  const bar = progress(`Progress of ${job.name}`);
  const state = h("span", { class: "row-state" });
  const under = h("p", { class: "faint row-under" });
  const train = h("dd");
  const validation = h("dd");
  const epochs = h("span");
  const left = h("span");
  const check = h("input", {
    type: "checkbox", "aria-label": `Compare ${job.name}`, checked: chosen.has(job.id),
    on: { change: () => onChoice(job.id, check.checked) },
  });
  const element = h("li", { class: "row", "data-job": job.id },
    h("label", { class: "row-check" }, check),
    h("div", { class: "row-main" },
      h("p", { class: "row-title" }, h("a", { class: "row-link", href: `#/jobs/${job.id}` }, job.name), state),
      under),
    spark.element,
    h("dl", { class: "row-losses" },
      h("div", {}, h("dt", {}, "train"), train),
      h("div", {}, h("dt", {}, "valid."), validation)),
    h("div", { class: "row-progress" },
      h("p", {}, epochs, left),
      bar.element));
  let shown = {};
  let following = null;

  function update(told) {
    const before = shown;
    // The stream is ahead of the list.
    const ahead = following && before.epoch > told.epoch;
    const { epoch, progress: done, train_loss, validation_loss } = before;
    const next = ahead ? { ...told, epoch, progress: done, train_loss, validation_loss } : told;
    shown = next;
    if (before.state !== next.state || before.reason !== next.reason) {
      const why = reason(next);
      replace(state, badge(next.state), why ? h("span", { class: "faint" }, why) : null);
      element.dataset.state = next.state;
    }
    numbers(next);
    const tags = Object.entries(next.spec.tags ?? {});
    if (before.id === undefined) {
      replace(under,
        h("span", { class: "row-age", title: when(next.created_at) }, ago(next.created_at)),
        tags.map(([name, value]) => h("a", { class: "tag", href: `#/jobs?q=${encodeURIComponent(`${name}=${value}`)}` }, `${name}=${value}`)));
      drawn();
    } else {
      text(under.firstChild, ago(next.created_at));
      if (!following) {
        spark.add(next.epoch, next.train_loss);
      }
    }
  }

  function numbers(next) {
    text(train, loss(next.train_loss));
    text(validation, loss(next.validation_loss));
    text(epochs, `${count(next.epoch)} / ${count(next.epochs)} epochs`);
    text(left, remaining(next));
    bar.update(next);
  }

  async function drawn() {
    try {
      spark.set(await spread(shown, SPARK_POINTS, own.signal));
    } catch {
      // The row does without a picture.
    }
  }

  return {
    element,
    update,
    get running() {
      return shown.state === "running";
    },
    choose(on) {
      check.checked = on;
    },
    /** Whether to show each epoch as it comes, and not only what the list tells now and then. */
    live(on) {
      if (on === Boolean(following)) {
        return;
      }
      following?.abort();
      following = on ? new AbortController() : null;
      if (on) {
        own.signal.addEventListener("abort", () => following?.abort());
        // No event of an epoch has a lower number than its epoch.
        follow(shown.id, shown.epoch, (events) => take(events), following.signal);
      }
    },
    gone() {
      own.abort();
    },
  };

  function take(events) {
    const epoch = events.findLast((e) => e.type === "job.epoch");
    if (!epoch) {
      return;
    }
    const { train_loss, validation_loss } = epoch;
    shown = { ...shown, epoch: epoch.epoch, progress: epoch.epoch / shown.epochs, train_loss, validation_loss };
    numbers(shown);
    spark.add(epoch.epoch, train_loss);
  }
}

function remaining(job) {
  if (job.terminal) {
    return duration(elapsed(job));
  }
  if (job.queue_position) {
    return job.queue_position === 1 ? "next in the queue" : `number ${count(job.queue_position)} in the queue`;
  }
  if (job.estimated_finish_at && job.state === "running") {
    return `${duration(Math.max(1, (Date.parse(job.estimated_finish_at) - Date.now()) / 1000)).replace(/\.\d/, "")} left`;
  }
  return "";
}
