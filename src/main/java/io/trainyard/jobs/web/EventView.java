package io.trainyard.jobs.web;

import io.trainyard.jobs.JobEvent;
import io.trainyard.shared.Json;
import tools.jackson.databind.node.ObjectNode;

/** An event as clients see it: sequence, type and time beside what it tells. */
final class EventView {
  private EventView() {}

  static ObjectNode of(JobEvent event) {
    return (ObjectNode) Json.MAPPER.readTree(text(event));
  }

  /** As text, made without parsing what the event tells. */
  static String text(JobEvent event) {
    String tells = event.content().substring(1);
    return "{\"sequence\":"
        + event.sequence()
        + ",\"type\":\""
        + event.type().word()
        + "\",\"at\":\""
        + event.at()
        + (tells.equals("}") ? "\"}" : "\"," + tells);
  }
}
