package io.trainyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import io.trainyard.shared.Json;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** Models under names, in the words of the Open Inference Protocol. */
@ExtendWith(SharedServer.class)
class DeploymentIT {

  private static Api.Answer put(Api api, String name, String body) {
    return api.send(
        "PUT",
        "/v1/deployments/" + name,
        BodyPublishers.ofString(body),
        "Content-Type",
        "application/json");
  }

  private static Api.Answer infer(Api api, String name, String body) {
    return api.post("/v2/models/" + name + "/infer", body.replace('\'', '"'));
  }

  /** Flowers with a colour, as a table has them. */
  private static String trained(Api api, String name, int epochs) {
    if (api.get("/v1/datasets/deployed-rows").status() == 404) {
      StringBuilder csv = new StringBuilder("height,colour,width,kind\n");
      String[] colours = {"red", "blue", "green"};
      for (int i = 0; i < 60; i++) {
        String kind = i % 7 + i % 3 * 3 > 5 ? "large" : "small";
        csv.append(i % 7 + 0.5).append(',').append(colours[i % 3]);
        csv.append(',').append(i % 5).append(',').append(kind).append('\n');
      }
      api.upload(
              "{\"name\": \"deployed-rows\", \"format\": \"csv\", \"target\": \"kind\","
                  + " \"normalize\": \"standard\"}",
              csv.toString().getBytes(StandardCharsets.UTF_8))
          .expect(201);
    }
    String id =
        api.submit(
            """
            {"name": "%s", "dataset": "deployed-rows", "model": {"layers": [
               {"type": "Linear", "in_features": 5, "out_features": 7}, {"type": "Tanh"},
               {"type": "Linear", "in_features": 7, "out_features": 2}]},
             "loss": {"type": "CrossEntropyLoss"}, "optimizer": {"type": "Adam", "lr": 0.02},
             "epochs": %d, "batch_size": 8, "seed": 4}
            """
                .formatted(name, epochs));
    assertThat(api.ended(id).get("state").stringValue()).isEqualTo("succeeded");
    return id;
  }

  @Test
  void aDeploymentIsMadeReplacedAndEnded(Api api) {
    String first = trained(api, "deploy-first", 3);
    String second = trained(api, "deploy-second", 9);
    api.get("/v1/deployments/flowers").expect(404);
    infer(api, "flowers", "{}").expect(404);

    Api.Answer made = put(api, "flowers", "{\"job\": \"" + first + "\"}").expect(201);
    assertThat(made.header("Location")).isEqualTo("/v1/deployments/flowers");
    JsonNode deployment = made.json();
    assertThat(deployment.get("revision").intValue()).isEqualTo(1);
    assertThat(deployment.get("epoch").intValue()).isEqualTo(3);
    assertThat(deployment.get("checkpoint").isNull()).isTrue();
    assertThat(deployment.get("state").stringValue()).isEqualTo("ready");
    assertThat(deployment.get("loaded").booleanValue()).isTrue();
    assertThat(deployment.get("url").stringValue()).isEqualTo("/v2/models/flowers");
    assertThat(api.get("/v1/deployments/flowers").expect(200).json()).isEqualTo(deployment);
    assertThat(api.get("/v1/jobs/" + first + "/artifacts").json().get("data"))
        .noneMatch(file -> file.get("name").stringValue().startsWith("deployment"));
    assertThat(api.delete("/v1/jobs/" + first).expect(409).json().get("detail").stringValue())
        .contains("deployment 'flowers'");

    JsonNode next =
        put(api, "flowers", "{\"job\": \"" + second + "\", \"checkpoint\": \"last\"}")
            .expect(200)
            .json();
    assertThat(next.get("revision").intValue()).isEqualTo(2);
    assertThat(next.get("checkpoint").stringValue()).isEqualTo("last");
    assertThat(next.get("created_at")).isEqualTo(deployment.get("created_at"));
    assertThat(api.get("/v1/deployments").expect(200).json().get("data"))
        .anyMatch(d -> d.equals(next));
    api.get("/v1/deployments?limit=0").expect(400);
    api.delete("/v1/jobs/" + first).expect(204);
    String request =
        "{'inputs': [{'name': 'input', 'shape': [1, 5], 'datatype': 'FP32', 'data': [1, 0, 1, 0, 2]}]}";
    assertThat(infer(api, "flowers", request).expect(200).json().get("model_version").stringValue())
        .isEqualTo("2");

    api.delete("/v1/deployments/flowers").expect(204);
    api.delete("/v1/deployments/flowers").expect(404);
    api.get("/v2/models/flowers").expect(404);
    api.get("/v2/models/flowers/ready").expect(404);
    api.delete("/v1/jobs/" + second).expect(204);
  }

  @Test
  void itSpeaksTheOpenInferenceProtocol(Api api) {
    String job = trained(api, "protocol", 5);
    put(api, "protocol", "{\"job\": \"" + job + "\"}").expect(201);
    assertThat(api.get("/v2").expect(200).json().get("name").stringValue()).isEqualTo("trainyard");
    api.get("/v2/health/live").expect(200);
    api.get("/v2/health/ready").expect(200);
    api.get("/v2/models/protocol/ready").expect(200);
    JsonNode model = api.get("/v2/models/protocol").expect(200).json();
    assertThat(model.get("inputs").toString())
        .isEqualTo("[{\"name\":\"input\",\"datatype\":\"FP32\",\"shape\":[-1,5]}]");
    assertThat(model.get("outputs").toString())
        .isEqualTo(
            "[{\"name\":\"predict\",\"datatype\":\"BYTES\",\"shape\":[-1]},"
                + "{\"name\":\"probabilities\",\"datatype\":\"FP32\",\"shape\":[-1,2]},"
                + "{\"name\":\"output\",\"datatype\":\"FP32\",\"shape\":[-1,2]}]");

    JsonNode flat =
        infer(
                api,
                "protocol",
                """
                {'id': '42', 'inputs': [{'name': 'input', 'shape': [2, 5], 'datatype': 'FP64',
                  'data': [1.5, 0, 0, 1, 3, 6.5, 1, 0, 0, 4]}]}
                """)
            .expect(200)
            .json();
    JsonNode nested =
        infer(
                api,
                "protocol",
                """
                {'inputs': [{'name': 'input', 'shape': [2, 5], 'datatype': 'FP32', 'parameters': {},
                  'data': [[1.5, 0, 0, 1, 3], [6.5, 1, 0, 0, 4]]}],
                 'outputs': [{'name': 'probabilities'}]}
                """)
            .expect(200)
            .json();
    assertThat(flat.get("id").stringValue()).isEqualTo("42");
    assertThat(flat.get("model_name").stringValue()).isEqualTo("protocol");
    assertThat(flat.at("/outputs/0/shape").toString()).isEqualTo("[2]");
    assertThat(nested.has("id")).isFalse();
    assertThat(nested.get("outputs")).hasSize(1);
    assertThat(nested.at("/outputs/0")).isEqualTo(flat.at("/outputs/1"));
    JsonNode rows =
        api.post(
                "/v1/jobs/" + job + "/predict",
                """
                {"instances": [{"height": 1.5, "colour": "red", "width": 3}, [6.5, "blue", 4]]}
                """)
            .expect(200)
            .json();
    assertThat(flat.at("/outputs/0/data")).isEqualTo(rows.get("predictions"));
    JsonNode probabilities = rows.get("probabilities");
    for (int i = 0; i < 4; i++) {
      assertThat(flat.at("/outputs/1/data/" + i)).isEqualTo(probabilities.get(i / 2).get(i % 2));
    }
  }

  @Test
  void theOutputsAreThoseOfTheExportInOnnxRuntime(Api api) throws Exception {
    String job = trained(api, "onnx-deployed", 5);
    put(api, "onnx-deployed", "{\"job\": \"" + job + "\"}").expect(201);
    float[][] rows = {{0.5f, 0, 0, 1, 2}, {3.5f, 1, 0, 0, 0}, {6.5f, 0, 1, 0, 4}};
    JsonNode answer =
        infer(
                api,
                "onnx-deployed",
                "{'inputs': [{'name': 'input', 'shape': [3, 5], 'datatype': 'FP32', 'data': "
                    + Json.write(rows)
                    + "}], 'outputs': [{'name': 'output'}]}")
            .expect(200)
            .json();
    URI place = URI.create(api.url() + "/v1/jobs/" + job + "/artifacts/model.onnx");
    byte[] onnx =
        Api.HTTP.send(HttpRequest.newBuilder(place).build(), BodyHandlers.ofByteArray()).body();
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession session = environment.createSession(onnx);
        OnnxTensor x = OnnxTensor.createTensor(environment, rows);
        OrtSession.Result result = session.run(Map.of("x", x))) {
      float[][] y = (float[][]) result.get(0).getValue();
      double worst = 0;
      for (int i = 0; i < 6; i++) {
        double ours = answer.at("/outputs/0/data/" + i).doubleValue();
        worst = Math.max(worst, Math.abs(ours - y[i / 2][i % 2]));
        assertThat(ours).isCloseTo(y[i / 2][i % 2], within(1e-5));
      }
      System.out.printf("predictions: ONNX Runtime, worst %.1e%n", worst);
    }
  }

  @Test
  void whatIsWrongIsSaidInTheProtocolsWay(Api api) {
    String job = trained(api, "wrong", 1);
    put(api, "wrong", "{\"job\": \"" + job + "\"}").expect(201);
    String tensor =
        "{'name': 'input', 'shape': [1, 5], 'datatype': 'FP32', 'data': [1, 2, 3, 4, 5]}";
    refused(api, "{'inputs': []}", "/inputs");
    refused(api, "{'inputs': [" + tensor + "], 'outputs': [{'name': 'x'}]}", "/outputs/0/name");
    refused(api, "{'inputs': [" + tensor.replace("FP32", "BYTES") + "]}", "/inputs/0/datatype");
    refused(api, "{'inputs': [" + tensor.replace("[1, 5]", "[1, 4]") + "]}", "[-1, 5]");
    refused(api, "{'inputs': [" + tensor.replace(", 5]}", "]}") + "]}", "got 4");
    refused(api, "{'inputs': [" + tensor.replace("2, 3", "2, 'x'") + "]}", "/inputs/0/data/2");
    refused(api, "{'inputs': [" + tensor.replace("'input'", "'x'") + "]}", "/inputs/0/name");
    refused(api, "{", "JSON");
    String infer = "/v2/models/wrong/infer";
    api.send("POST", infer, BodyPublishers.ofString("1"), "Content-Type", "text/plain").expect(415);
    api.post(infer, "[" + "0,".repeat(6 << 20) + "0]").expect(413);
  }

  private static void refused(Api api, String request, String why) {
    JsonNode answer = infer(api, "wrong", request).expect(400).json();
    assertThat(answer.get("error").stringValue()).contains(why);
  }

  @Test
  void whatCannotBeDeployedIsRefused(Api api) {
    put(api, "refused", "{").expect(400);
    assertThat(put(api, "refused", "{\"job\": \"job_nothing\"}").expect(422).pointers())
        .containsExactly("/job");
    assertThat(put(api, "refused", "{\"model\": 1}").expect(422).pointers())
        .containsExactly("/model", "/job");
    put(api, "not%20a%20name", "{\"job\": \"job_nothing\"}").expect(422);
    String job = api.submit(Api.longJob("not-deployed"));
    put(api, "refused", "{\"job\": \"" + job + "\"}").expect(409);
    api.post("/v1/jobs/" + job + "/cancel").expect(202);
    api.ended(job);
    String path = "/v1/deployments/refused";
    api.send("PUT", path, BodyPublishers.ofString("1"), "Content-Type", "text/plain").expect(415);
    put(api, "refused", "[" + "0,".repeat(6 << 20) + "0]").expect(413);
    api.get(path).expect(404);
  }
}
