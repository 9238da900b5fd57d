package io.trainyard.jobs.web;

import io.trainyard.jobs.JobEvent;
import io.trainyard.shared.Json;
import tools.jackson.databind.node.ObjectNode;

/** An event as clients see it: sequence, type and time beside what it tells. */
final class EventView {
  private EventView() {}

  static ObjectNode of(JobEvent event) {
    ObjectNode view = Json.object();
    view.put("sequence", event.sequence()).put("type", event.type().word());
    view.set("at", Json.tree(event.at()));
    view.setAll((ObjectNode) event.data());
    return view;
  }
}
