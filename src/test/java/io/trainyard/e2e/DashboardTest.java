package io.trainyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What provisioning, unlike an import by hand, does not forgive. */
class DashboardTest {

  @Test
  void theDashboardHasAStableIdentityAndItsDataSourceByVariable() throws IOException {
    JsonNode root = new Dashboard().root();

    assertThat(root.get("uid").stringValue()).isEqualTo("trainyard");
    assertThat(root.has("id")).as("an id is of one Grafana's database").isFalse();
    assertThat(root.has("__inputs")).as("resolved by imports alone").isFalse();
    List<Integer> ids = new ArrayList<>();
    for (JsonNode panel : root.get("panels")) {
      ids.add(panel.get("id").intValue());
      if (!panel.get("type").stringValue().equals("row")) {
        assertThat(panel.get("targets")).as(panel.get("title").stringValue()).isNotEmpty();
        assertThat(panel.at("/datasource/uid").stringValue()).isEqualTo("${DS_PROMETHEUS}");
        for (JsonNode target : panel.get("targets")) {
          assertThat(target.at("/datasource/uid").stringValue()).isEqualTo("${DS_PROMETHEUS}");
        }
      }
    }
    assertThat(ids).doesNotHaveDuplicates();
  }

  @Test
  void panelsDoNotLieOverEachOther() throws IOException {
    List<JsonNode> places = new ArrayList<>();
    for (JsonNode panel : new Dashboard().root().get("panels")) {
      JsonNode place = panel.get("gridPos");
      assertThat(place.get("x").intValue() + place.get("w").intValue()).isLessThanOrEqualTo(24);
      assertThat(places).noneMatch(other -> overlap(place, other));
      places.add(place);
    }
  }

  private static boolean overlap(JsonNode a, JsonNode b) {
    return within(a, b, "x", "w") && within(a, b, "y", "h");
  }

  private static boolean within(JsonNode a, JsonNode b, String from, String size) {
    int startA = a.get(from).intValue();
    int startB = b.get(from).intValue();
    return startA < startB + b.get(size).intValue() && startB < startA + a.get(size).intValue();
  }
}
