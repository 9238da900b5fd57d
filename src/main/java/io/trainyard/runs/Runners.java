package io.trainyard.runs;

import io.trainyard.jobs.AttemptId;
import io.trainyard.jobs.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The runners of this server: who is at work, who fell silent, and whose end is to be recorded. */
@Component
class Runners {
  /**
   * A runner is silent if it was not heard in so many looks in a row. Looks are counted and not
   * time, so that a runner does not pay for a pause of the server itself.
   */
  static final int LOOKS = 4;

  private final Map<AttemptId, Run> running = new ConcurrentHashMap<>();
  private final Map<AttemptId, Ended> ended = new ConcurrentHashMap<>();
  private volatile boolean stopping;

  private static final class Run {
    final RunLauncher.Handle handle;
    volatile boolean heard;
    volatile @Nullable Killed killed;
    int silentLooks;
    int unheldLooks;

    Run(RunLauncher.Handle handle) {
      this.handle = handle;
    }
  }

  /** Why a runner was killed, which its exit does not tell. */
  record Killed(Reason reason, String detail) {}

  /** A runner's end, until it is recorded. */
  record Ended(AttemptId id, RunLauncher.Exit exit) {}

  /** From now on runners are to work. A server that was stopped may be started again. */
  void open() {
    stopping = false;
  }

  void started(AttemptId id, RunLauncher.Handle handle) {
    running.put(id, new Run(handle));
  }

  int atWork() {
    return running.size();
  }

  /** Those at work. */
  Set<AttemptId> working() {
    return Set.copyOf(running.keySet());
  }

  /** Those whose leases this server has to keep. */
  Set<AttemptId> ids() {
    Set<AttemptId> all = ConcurrentHashMap.newKeySet();
    all.addAll(running.keySet());
    all.addAll(ended.keySet());
    return all;
  }

  /** A runner spoke, whether or not the database could take what it said. */
  void heard(AttemptId id) {
    Run run = running.get(id);
    if (run != null) {
      run.heard = true;
    }
  }

  /** Looks who was heard since the last look; gives those who were not for too long. */
  List<AttemptId> silent() {
    List<AttemptId> silent = new ArrayList<>();
    running.forEach(
        (id, run) -> {
          run.silentLooks = run.heard ? 0 : run.silentLooks + 1;
          run.heard = false;
          if (run.silentLooks > LOOKS) {
            silent.add(id);
          }
        });
    return silent;
  }

  /** Those that hold no job any more and have had time to end by themselves. */
  List<AttemptId> leftover(Set<AttemptId> held) {
    List<AttemptId> leftover = new ArrayList<>();
    running.forEach(
        (id, run) -> {
          run.unheldLooks = held.contains(id) ? 0 : run.unheldLooks + 1;
          if (run.unheldLooks > 1) {
            leftover.add(id);
          }
        });
    return leftover;
  }

  /**
   * Ends a runner, if it is at work.
   *
   * @param why what to tell of its end instead of its exit code
   */
  boolean kill(AttemptId id, Duration grace, @Nullable Killed why) {
    Run run = running.get(id);
    if (run == null) {
      return false;
    }
    run.killed = why;
    run.handle.kill(grace);
    return true;
  }

  void exited(AttemptId id, RunLauncher.Exit exit) {
    Run run = running.remove(id);
    Killed why = run == null ? null : run.killed;
    RunLauncher.Exit told =
        why == null
            ? exit
            : new RunLauncher.Exit(exit.code(), why.reason(), why.detail(), exit.lastWords());
    ended.put(id, new Ended(id, told));
  }

  List<Ended> unrecorded() {
    return List.copyOf(ended.values());
  }

  void recorded(AttemptId id) {
    ended.remove(id);
  }

  /** Whether runners are to end and leave their jobs to others. */
  boolean stopping() {
    return stopping;
  }

  /**
   * Tells all runners, in the answers to their reports, to end; ends those that do not within
   * {@code grace}. Returns when all have ended.
   */
  void stop(Duration grace) {
    stopping = true;
    List<CompletableFuture<RunLauncher.Exit>> exits =
        running.values().stream().map(run -> run.handle.exit()).toList();
    CompletableFuture<Void> all = CompletableFuture.allOf(exits.toArray(CompletableFuture[]::new));
    try {
      all.get(grace.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      running.values().forEach(run -> run.handle.kill(Duration.ZERO));
      all.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      running.values().forEach(run -> run.handle.kill(Duration.ZERO));
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
    running.forEach((id, run) -> exited(id, run.handle.exit().join()));
  }
}
