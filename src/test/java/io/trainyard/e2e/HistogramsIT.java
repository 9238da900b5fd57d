package io.trainyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** Histograms of a stored dataset, over HTTP. */
@ExtendWith(SharedServer.class)
class HistogramsIT {

  @Test
  void everyColumnOfAFileHasOne(Api api) {
    String spec = Api.example("iris-dataset.json").replace("\"iris\"", "\"iris-histograms\"");
    api.upload(spec, Api.exampleFile("iris.csv")).expect(201);

    JsonNode histograms = api.get("/v1/datasets/iris-histograms/histograms").expect(200).json();

    assertThat(histograms.get("rows").intValue()).isEqualTo(150);
    assertThat(histograms.get("columns")).hasSize(5);
    assertThat(histograms.at("/columns/4"))
        .hasToString(
            "{\"name\":\"species\",\"counts\":[50,50,50],"
                + "\"labels\":[\"setosa\",\"versicolor\",\"virginica\"],\"other\":0}");
    api.delete("/v1/datasets/iris-histograms").expect(204);
  }

  @Test
  void whatHasNoFileHasNone(Api api) {
    api.get("/v1/datasets/no-such/histograms").expect(404);
    String spec = "{\"type\": \"synthetic\", \"samples\": 3, \"input_shape\": [2], \"classes\": 2}";
    String id = api.post("/v1/datasets", spec).expect(201).json().get("id").stringValue();
    api.get("/v1/datasets/" + id + "/histograms").expect(409);
  }
}
