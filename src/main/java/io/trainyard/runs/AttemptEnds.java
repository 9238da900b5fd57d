package io.trainyard.runs;

import io.trainyard.jobs.JobRuns;
import org.springframework.stereotype.Component;

/** Writes down how attempts ended that this server supervised. */
@Component
class AttemptEnds {
  private final JobRuns runs;
  private final Runners runners;
  private final CrashLogs crashLogs;

  AttemptEnds(JobRuns runs, Runners runners, CrashLogs crashLogs) {
    this.runs = runs;
    this.runners = runners;
    this.crashLogs = crashLogs;
  }

  /** Records what is not yet recorded; what fails now, as with a lost database, stays for later. */
  void record() {
    runners.unrecorded().forEach(end -> Worker.guarded(() -> record(end)));
  }

  /** The same before this server stops: the jobs go back to the queue. */
  void handBack() {
    for (Runners.Ended end : runners.unrecorded()) {
      Worker.guarded(() -> runs.handBack(end.id()));
      Worker.guarded(() -> record(end));
    }
  }

  private void record(Runners.Ended end) {
    RunLauncher.Exit exit = end.exit();
    String detail = "attempt " + end.id().attempt() + " " + exit.detail();
    if (runs.current(end.id()).isPresent()) {
      crashLogs.keep(end.id(), detail, exit.lastWords());
    }
    runs.exited(end.id(), exit.code(), exit.reason(), detail);
    runners.recorded(end.id());
  }
}
