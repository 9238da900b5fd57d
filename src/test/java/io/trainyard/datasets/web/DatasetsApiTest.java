package io.trainyard.datasets.web;

import static io.trainyard.datasets.web.DatasetsClient.field;
import static io.trainyard.datasets.web.DatasetsClient.file;
import static io.trainyard.datasets.web.DatasetsClient.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.trainyard.TrainyardApplication;
import io.trainyard.datasets.DatasetUse;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;

/** Over a real Tomcat, because the parts of a form are the container's work. */
@SpringBootTest(
    classes = {TrainyardApplication.class, DatasetsApiTest.Needs.class},
    properties = "trainyard.runner.slots=0",
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class DatasetsApiTest {
  private static final Path IRIS = Path.of("examples", "iris.csv");
  private static final String SYNTHETIC =
      "{'type': 'synthetic', 'samples': 100, 'input_shape': [1000], 'target_shape': [10]}";

  @TempDir private static Path home;

  private final String name = "d" + UUID.randomUUID();
  private final DatasetsClient client;

  DatasetsApiTest(@Value("${local.server.port}") int port) {
    this.client = new DatasetsClient(port);
  }

  @DynamicPropertySource
  static void properties(DynamicPropertyRegistry registry) {
    registry.add("trainyard.home", home::toString);
  }

  @Test
  void takesAnUploadAsCurlSendsIt() throws Exception {
    HttpResponse<String> created =
        client.upload(field("spec", spec("'target': 'species'")), file(Files.readString(IRIS)));

    assertThat(created.statusCode()).isEqualTo(201);
    JsonNode dataset = json(created);
    String id = dataset.get("id").stringValue();
    assertThat(created.headers().firstValue("Location")).contains("/v1/datasets/" + id);
    assertThat(dataset.get("kind").stringValue()).isEqualTo("csv");
    assertThat(dataset.get("rows").intValue()).isEqualTo(150);
    assertThat(dataset.get("bytes").intValue()).isEqualTo(3858);
    assertThat(dataset.get("sha256").stringValue()).matches("[0-9a-f]{64}");
    assertThat(dataset.get("input_shape")).hasToString("[4]");
    assertThat(dataset.get("target"))
        .hasToString(
            "{\"name\":\"species\",\"kind\":\"classes\",\"count\":3,"
                + "\"labels\":[\"setosa\",\"versicolor\",\"virginica\"]}");
    assertThat(dataset.get("columns").get(4))
        .hasToString(
            "{\"name\":\"species\",\"kind\":\"category\",\"role\":\"target\",\"width\":0,"
                + "\"distinct\":3}");
    assertThat(dataset.get("normalize").stringValue()).isEqualTo("none");
    assertThat(dataset.get("preview")).hasSize(5);
    assertThat(dataset.get("spec"))
        .hasToString(
            "{\"name\":\""
                + name
                + "\",\"format\":\"csv\",\"target\":\"species\",\"normalize\":\"none\"}");
    assertThat(dataset.get("created_at").stringValue()).endsWith("Z");
    assertThat(json(client.get("/v1/datasets/" + id))).isEqualTo(dataset);
    assertThat(json(client.get("/v1/datasets/" + name))).isEqualTo(dataset);
  }

  @Test
  void takesASpecThatIsAFileOfJson() throws Exception {
    String spec =
        "Content-Disposition: form-data; name=\"spec\"; filename=\"x.json\"\r\n"
            + "Content-Type: application/json\r\n\r\n"
            + spec("'target': 'y'");

    assertThat(client.upload(file("x,y\n1,a\n"), spec).statusCode()).isEqualTo(201);
  }

  @Test
  void leavesNothingOfARefusedUploadOnTheDisk() throws Exception {
    List<String> before = files();
    String rows = "1,2\n".repeat(100_000);

    HttpResponse<String> refused =
        client.upload(field("spec", spec("'target': 'y'")), file("x,y\n" + rows + "1\n"));

    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(refused.body()).contains("line 100002 has 1 cells, the header 2");
    // The container deletes its own copy when it is done with the request.
    await().untilAsserted(() -> assertThat(files()).isEqualTo(before));
    assertThat(client.get("/v1/datasets/" + name).statusCode()).isEqualTo(404);
  }

  @Test
  void leavesNothingOfAnUploadThatBreaksOffOnTheDisk() throws Exception {
    List<String> before = files();

    client.uploadHalf(
        () -> await().untilAsserted(() -> assertThat(files()).isNotEqualTo(before)),
        field("spec", spec("'target': 'y'")),
        file("x,y\n" + "1,2\n".repeat(300_000)));

    await().untilAsserted(() -> assertThat(files()).isEqualTo(before));
    assertThat(client.get("/v1/datasets/" + name).statusCode()).isEqualTo(404);
  }

  @Test
  void refusesFormsThatAreNotWhole() throws Exception {
    HttpResponse<String> noFile = client.upload(field("spec", spec("'target': 'y'")));
    HttpResponse<String> noSpec = client.upload(file("x,y\n1,2\n"));
    HttpResponse<String> badJson = client.upload(field("spec", "{\"name\": }"), file("x,y\n1,2\n"));
    HttpResponse<String> badSpec =
        client.upload(field("spec", "{\"name\": \"a\"}"), file("x,y\n1,2\n"));

    assertThat(noFile.statusCode()).isEqualTo(400);
    assertThat(noFile.body()).contains("no part 'file'");
    assertThat(noSpec.statusCode()).isEqualTo(400);
    assertThat(noSpec.body()).contains("no part 'spec'");
    assertThat(badJson.statusCode()).isEqualTo(400);
    assertThat(badJson.body()).contains("/name");
    assertThat(badSpec.statusCode()).isEqualTo(422);
    assertThat(badSpec.body()).contains("/target", "/format");
  }

  @Test
  void refusesASpecThatIsTooLong() throws Exception {
    assertThat(client.upload(field("spec", " ".repeat(1_048_577)), file("x,y\n1,2\n")).statusCode())
        .isEqualTo(413);
  }

  @Test
  void takesASyntheticDataset() throws Exception {
    HttpResponse<String> created = client.post("application/json", SYNTHETIC.replace('\'', '"'));

    assertThat(created.statusCode()).isEqualTo(201);
    JsonNode dataset = json(created);
    assertThat(dataset.get("kind").stringValue()).isEqualTo("synthetic");
    assertThat(dataset.get("target")).hasToString("{\"kind\":\"values\",\"shape\":[10]}");
    assertThat(dataset.get("spec").get("seed").intValue()).isZero();
    assertThat(dataset.has("sha256")).isFalse();
  }

  @Test
  void refusesOtherContentTypesAndDocuments() throws Exception {
    assertThat(client.post("text/csv", "x,y\n1,2\n").statusCode()).isEqualTo(415);
    assertThat(client.post("application/json", "").statusCode()).isEqualTo(400);
    assertThat(client.post("application/json", "{\"type\": \"other\"}").statusCode())
        .isEqualTo(422);
  }

  @Test
  void refusesANameTwice() throws Exception {
    String document = SYNTHETIC.replace('\'', '"').replace("{", "{\"name\": \"" + name + "\", ");

    assertThat(client.post("application/json", document).statusCode()).isEqualTo(201);
    assertThat(client.post("application/json", document).statusCode()).isEqualTo(409);
    assertThat(client.upload(field("spec", spec("'target': 'y'")), file("x,y\n1,2\n")).statusCode())
        .isEqualTo(409);
  }

  @Test
  void listsInPagesWithoutWhatIsLong() throws Exception {
    for (int i = 0; i < 3; i++) {
      client.post("application/json", SYNTHETIC.replace('\'', '"'));
    }

    JsonNode first = json(client.get("/v1/datasets?limit=2"));
    JsonNode second =
        json(client.get("/v1/datasets?limit=1&after=" + first.get("next_cursor").stringValue()));

    assertThat(first.get("data")).hasSize(2);
    assertThat(first.get("has_more").booleanValue()).isTrue();
    assertThat(first.get("data").get(0).has("spec")).isFalse();
    assertThat(second.get("data").get(0).get("id").stringValue())
        .isLessThan(first.get("data").get(1).get("id").stringValue());
    assertThat(client.get("/v1/datasets?limit=0").statusCode()).isEqualTo(400);
    assertThat(client.get("/v1/datasets?limit=201").statusCode()).isEqualTo(400);
  }

  @Test
  void deletesWhatIsNotNeeded() throws Exception {
    JsonNode free = json(client.upload(field("spec", spec("'target': 'y'")), file("x,y\n1,2\n")));
    JsonNode needed = json(client.post("application/json", needed()));

    assertThat(client.delete(free.get("id").stringValue())).isEqualTo(204);
    assertThat(client.delete(free.get("id").stringValue())).isEqualTo(404);
    assertThat(client.delete(needed.get("id").stringValue())).isEqualTo(409);
  }

  private static String needed() {
    return SYNTHETIC.replace('\'', '"').replace("{", "{\"name\": \"needed\", ");
  }

  private String spec(String members) {
    return ("{'name': '" + name + "', 'format': 'csv', " + members + "}").replace('\'', '"');
  }

  private static List<String> files() throws IOException {
    try (Stream<Path> files = Files.walk(home)) {
      return files.filter(Files::isRegularFile).map(Path::toString).sorted().toList();
    }
  }

  /** Something that needs a dataset by its name. */
  @TestConfiguration(proxyBeanMethods = false)
  static class Needs {
    @Bean
    DatasetUse use() {
      return dataset ->
          "needed".equals(dataset.name()) ? Optional.of("job job_1") : Optional.empty();
    }
  }
}
