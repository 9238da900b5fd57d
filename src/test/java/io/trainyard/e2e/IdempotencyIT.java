package io.trainyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A POST that is sent again does nothing again. */
@ExtendWith(SharedServer.class)
class IdempotencyIT {

  @Test
  void aJobIsPostedOnce(Api api) {
    Api.Answer first =
        api.post("/v1/jobs", Api.shortJob("once"), "Idempotency-Key", "k1").expect(202);
    Api.Answer again =
        api.post("/v1/jobs", Api.shortJob("once"), "Idempotency-Key", "k1").expect(202);

    assertThat(again.json()).isEqualTo(first.json());
    assertThat(again.header("Location")).isEqualTo(first.header("Location"));
    assertThat(
            api.post("/v1/jobs", Api.shortJob("other"), "Idempotency-Key", "k1").expect(422).body())
        .contains("Idempotency-Key");
  }

  @Test
  void aFailedPostLeavesTheKeyFree(Api api) {
    api.post("/v1/jobs", "{}", "Idempotency-Key", "k2").expect(422);
    api.post("/v1/jobs", Api.shortJob("mended"), "Idempotency-Key", "k2").expect(202);
  }

  @Test
  void aModelIsPostedOnce(Api api) {
    String model =
        """
        {"name": "once", "layers": [{"type": "Linear", "in_features": 2, "out_features": 1}]}
        """;
    Api.Answer first = api.post("/v1/models", model, "Idempotency-Key", "k3").expect(201);
    Api.Answer again = api.post("/v1/models", model, "Idempotency-Key", "k3").expect(201);
    assertThat(again.json().get("version").intValue()).isEqualTo(1);
    assertThat(again.json()).isEqualTo(first.json());

    assertThat(api.post("/v1/models", model).expect(201).json().get("version").intValue())
        .isEqualTo(2);
    assertThat(api.get("/v1/models/once").expect(200).json().get("version").intValue())
        .isEqualTo(2);
    assertThat(api.get("/v1/models/once@1").expect(200).json().get("id"))
        .isEqualTo(first.json().get("id"));
  }

  @Test
  void aDatasetIsPostedOnce(Api api) {
    String spec = "{\"name\": \"once\", \"format\": \"csv\", \"target\": \"y\"}";
    byte[] file = "x,y\n1,a\n2,b\n".getBytes(StandardCharsets.UTF_8);

    Api.Answer first = api.upload(spec, file, "Idempotency-Key", "k4").expect(201);
    Api.Answer again = api.upload(spec, file, "Idempotency-Key", "k4").expect(201);

    assertThat(again.json()).isEqualTo(first.json());
    byte[] other = "x,y\n1,a\n3,b\n".getBytes(StandardCharsets.UTF_8);
    api.upload(spec, other, "Idempotency-Key", "k4").expect(422);
    api.upload(spec, file).expect(409);
  }

  @Test
  void anEmptyKeyIsRefused(Api api) {
    api.post("/v1/jobs", Api.shortJob("blank"), "Idempotency-Key", " ".repeat(3) + "x".repeat(300))
        .expect(400);
  }
}
