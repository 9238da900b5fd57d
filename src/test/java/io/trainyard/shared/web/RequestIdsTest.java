package io.trainyard.shared.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestIdsTest {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String SPAN = "00f067aa0ba902b7";

  @Test
  void aClientsNamesAreTaken() {
    RequestIds ids = RequestIds.ofHeaders("order-17/a.b:c=@+_", "00-" + TRACE + "-" + SPAN + "-01");

    assertThat(ids.request()).isEqualTo("order-17/a.b:c=@+_");
    assertThat(ids.trace()).isEqualTo(TRACE);
  }

  @Test
  void withoutNamesEachRequestGetsNewOnes() {
    RequestIds first = RequestIds.ofHeaders(null, null);
    RequestIds second = RequestIds.ofHeaders(null, null);

    assertThat(first.request()).matches("[0-9a-f]{32}").isNotEqualTo(second.request());
    assertThat(first.trace()).matches("[0-9a-f]{32}").isNotEqualTo(second.trace());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "two words",
        "a\nERROR forged line",
        "a\r\nSet-Cookie: b=c",
        "\u001b[31mred",
        "\u2028line",
        "{\"a\":1}",
        "${jndi:ldap://a/b}",
        "ünlaut"
      })
  void whatIsNoPlainNameIsReplaced(String given) {
    assertThat(RequestIds.ofHeaders(given, null).request()).matches("[0-9a-f]{32}");
  }

  @Test
  void aNameIsOfBoundedLength() {
    assertThat(RequestIds.ofHeaders("x".repeat(128), null).request()).isEqualTo("x".repeat(128));
    assertThat(RequestIds.ofHeaders("x".repeat(129), null).request()).hasSize(32);
  }

  /** As the W3C's Trace Context has it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00-" + TRACE + "-" + SPAN,
        "ff-" + TRACE + "-" + SPAN + "-01",
        "00-00000000000000000000000000000000-" + SPAN + "-01",
        "00-" + TRACE + "-0000000000000000-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-" + SPAN + "-01",
        "00-" + TRACE + "-" + SPAN + "-01-more",
        "00-" + TRACE + "-" + SPAN + "-01\n",
        "0-" + TRACE + "-" + SPAN + "-01"
      })
  void aTraceThatIsNotWellFormedIsReplaced(String given) {
    assertThat(RequestIds.ofHeaders(null, given).trace())
        .matches("[0-9a-f]{32}")
        .isNotEqualTo(TRACE)
        .isNotEqualTo("0".repeat(32));
  }

  @Test
  void aLaterVersionOfTheHeaderMayGoOn() {
    assertThat(RequestIds.ofHeaders(null, "cc-" + TRACE + "-" + SPAN + "-01-more").trace())
        .isEqualTo(TRACE);
  }
}
