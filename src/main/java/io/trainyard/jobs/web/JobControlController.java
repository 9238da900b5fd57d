package io.trainyard.jobs.web;

import io.trainyard.jobs.JobControl;
import io.trainyard.jobs.Jobs;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What a job is asked to do: 202 if it will, 200 if it is so already. */
@RestController
@RequestMapping("/v1/jobs/{id}")
class JobControlController {
  private final Jobs jobs;
  private final JobControl control;

  JobControlController(Jobs jobs, JobControl control) {
    this.jobs = jobs;
    this.control = control;
  }

  @PostMapping("/cancel")
  ResponseEntity<JobView> cancel(@PathVariable String id) {
    return answer(control.cancel(id));
  }

  @PostMapping("/pause")
  ResponseEntity<JobView> pause(@PathVariable String id) {
    return answer(control.pause(id));
  }

  @PostMapping("/resume")
  ResponseEntity<JobView> resume(@PathVariable String id) {
    return answer(control.resume(id));
  }

  @PostMapping("/checkpoints")
  ResponseEntity<JobView> checkpoint(@PathVariable String id) {
    return answer(control.checkpoint(id));
  }

  private ResponseEntity<JobView> answer(JobControl.Answer answer) {
    return ResponseEntity.status(answer.changed() ? HttpStatus.ACCEPTED : HttpStatus.OK)
        .body(JobView.of(answer.job(), jobs.queuePosition(answer.job())));
  }
}
