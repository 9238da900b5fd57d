package io.trainyard.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.trainyard.shared.Errors;
import io.trainyard.shared.Json;
import io.trainyard.shared.Problem;
import io.trainyard.shared.Shape;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class DatasetSpecTest {

  @Test
  void readsASyntheticDatasetWithItsDefaults() {
    SyntheticDocument document =
        synthetic("{'type':'synthetic','samples':48,'input_shape':[2,3],'classes':5}");

    assertThat(document)
        .isEqualTo(
            new SyntheticDocument(
                null,
                new SyntheticSpec(0, 48, Shape.of(2, 3), new Target.Classes(5, List.of()), false)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{'type':'synthetic','seed':3,'samples':4,'input_shape':[2],'classes':5}",
        "{'type':'synthetic','name':'n','seed':-9223372036854775808,'samples':4,'input_shape':[2],"
            + "'target_shape':[2,1],'target_range':'unit'}"
      })
  void writesASyntheticDatasetAsItWasRead(String text) {
    SyntheticDocument document = synthetic(text);

    assertThat(document.write()).hasToString(json(text).toString());
    SyntheticDescriptor descriptor = new SyntheticDescriptor(document.spec());
    assertThat(Json.parse(Json.write(descriptor), DatasetDescriptor.class)).isEqualTo(descriptor);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "'classes':1,'target_shape':[1]|~~|exactly one",
        "'seed':1|~~|exactly one",
        "'classes':0|/classes|at least 1",
        "'classes':2,'target_range':'unit'|/target_range|only values have a range",
        "'target_shape':[2],'target_range':'half'|/target_range|one of unit",
        "'target_shape':[0]|/target_shape|at least 1",
        "'target_shape':[]|/target_shape|at least one dimension",
        "'target_shape':[9000000]|/target_shape|100 samples of [9000000] are more than 536870911",
        "'classes':2,'shuffle':true|/shuffle|unknown",
        "'classes':2,'name':'a b'|/name|a name"
      })
  void refusesASyntheticDataset(String members, String pointer, String detail) {
    Errors errors = new Errors();

    SyntheticDocument document =
        SyntheticDocument.read(
            json("{'type':'synthetic','samples':100,'input_shape':[10]," + members + "}"),
            "/dataset",
            errors);

    assertThat(document).isNull();
    assertRefused(errors, "/dataset" + pointer, detail);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "[]|at least one dimension",
        "[1000000]|are more than",
        "[2147483647,2147483647,2147483647]|are more than"
      })
  void refusesASyntheticInputShape(String shape, String detail) {
    Errors errors = new Errors();

    SyntheticDocument.read(
        json("{'type':'synthetic','samples':1000,'classes':2,'input_shape':" + shape + "}"),
        "",
        errors);

    assertRefused(errors, "/input_shape", detail);
  }

  @Test
  void readsACsvSpecWithItsDefaults() {
    assertThat(CsvFixture.spec("'target': 'y'"))
        .isEqualTo(new CsvSpec("d", "csv", "y", null, null, Normalization.NONE));
    assertThat(
            CsvFixture.spec(
                "'target': 'y', 'features': ['b', 'a'], 'input_shape': [1, 2], 'normalize':"
                    + " 'standard'"))
        .isEqualTo(
            new CsvSpec(
                "d", "csv", "y", List.of("b", "a"), Shape.of(1, 2), Normalization.STANDARD));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "'format':'csv','target':'y'|/name|missing",
        "'name':'ds_1','format':'csv','target':'y'|/name|not like an id",
        "'name':'d','format':'csv'|/target|missing",
        "'name':'d','target':'y'|/format|missing",
        "'name':'d','format':'hdf5','target':'y'|/format|one of csv, npz, idx",
        "'name':'d','format':'npz','target':'y'|/target|unknown",
        "'name':'d','format':'csv','target':'y','normalize':'max'|/normalize|one of none",
        "'name':'d','format':'csv','target':'y','features':[]|/features|at least one",
        "'name':'d','format':'csv','target':'y','features':['a',1]|/features/1|a text",
        "'name':'d','format':'csv','target':'y','features':['a','y']|/features/1|is the target",
        "'name':'d','format':'csv','target':'y','features':['a','b','a']|/features/2|twice",
        "'name':'d','format':'csv','target':'y','input_shape':[]|/input_shape|one dimension",
        "'name':'d','format':'csv','target':'y','input_shape':[-1]|/input_shape|at least 1",
        "'name':'d','format':'csv','target':'y','header':true|/header|unknown"
      })
  void refusesASpec(String members, String pointer, String detail) {
    Errors errors = new Errors();

    assertThat(FileSpec.read(json("{" + members + "}"), "", errors)).isNull();
    assertRefused(errors, pointer, detail);
  }

  private static void assertRefused(Errors errors, @Nullable String pointer, String detail) {
    Problem problem = catchThrowableOfType(Problem.class, errors::throwIfAny);
    Problem.Place place = Objects.requireNonNull(problem).places().get(0);
    assertThat(place.pointer()).isEqualTo(pointer);
    assertThat(place.detail()).contains(detail);
  }

  private static SyntheticDocument synthetic(String text) {
    Errors errors = new Errors();
    SyntheticDocument document = SyntheticDocument.read(json(text), "", errors);
    errors.throwIfAny();
    return Objects.requireNonNull(document);
  }

  private static JsonNode json(String text) {
    return Json.read(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }
}
