package io.trainyard;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.web.bind.annotation.RestController;

/** Who may know whom. */
@AnalyzeClasses(packages = "io.trainyard", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule featuresDoNotDependOnEachOtherInACircle =
      slices().matching("io.trainyard.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule djlIsKnownInOnePlace =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.trainyard.training.djl")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("ai.djl..");

  @ArchTest
  static final ArchRule theRunnerHasNoSpringAndNoDatabase =
      noClasses()
          .that()
          .resideInAnyPackage("io.trainyard.runner..", "io.trainyard.training..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.springframework..", "java.sql..", "io.trainyard.jobs..");

  @ArchTest
  static final ArchRule micrometerIsKnownInOnePlace =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.trainyard.metrics")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.micrometer..");

  @ArchTest
  static final ArchRule kubernetesIsKnownInOnePlace =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.trainyard.runs.kubernetes")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.fabric8..");

  @ArchTest
  static final ArchRule sharedKnowsNoFeature =
      noClasses()
          .that()
          .resideInAPackage("io.trainyard.shared..")
          .should()
          .dependOnClassesThat(
              com.tngtech.archunit.base.DescribedPredicate.describe(
                  "features",
                  type ->
                      type.getPackageName().startsWith("io.trainyard.")
                          && !type.getPackageName().startsWith("io.trainyard.shared")));

  @ArchTest
  static final ArchRule controllersAreForHttpAlone =
      classes().that().areAnnotatedWith(RestController.class).should().bePackagePrivate();

  @ArchTest
  static final ArchRule jackson3Only =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAPackage("com.fasterxml.jackson.databind..");

  @ArchTest
  static final ArchRule injectionIsByConstructor =
      noFields().should().beAnnotatedWith(Autowired.class);

  @ArchTest
  static final ArchRule theServersTimeComesFromItsClock =
      noClasses()
          .that()
          .resideInAnyPackage(
              "io.trainyard.jobs..",
              "io.trainyard.models..",
              "io.trainyard.datasets..",
              "io.trainyard.runs..")
          .should()
          .callMethod(java.time.Instant.class, "now")
          .orShould()
          .callMethod(System.class, "currentTimeMillis");
}
