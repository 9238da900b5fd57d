package io.trainyard.runner.protocol;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.nio.ByteBuffer;

/** What came of a {@link PredictorOrder}. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = PredictorReply.Done.class, name = "done"),
  @JsonSubTypes.Type(value = PredictorReply.Outputs.class, name = "outputs"),
  @JsonSubTypes.Type(value = PredictorReply.Refused.class, name = "refused"),
  @JsonSubTypes.Type(value = PredictorReply.Failed.class, name = "failed")
})
public sealed interface PredictorReply {

  /** A model is in memory, or no more. */
  record Done() implements PredictorReply {}

  /**
   * The outputs of a model.
   *
   * @param outputs float32, little endian, row after row
   */
  record Outputs(ByteBuffer outputs) implements PredictorReply {}

  /** The engine does not do this; the reason is for the user. */
  record Refused(String reason) implements PredictorReply {}

  /** Something is wrong with the service; the details are in the predictor's log. */
  record Failed(String error) implements PredictorReply {}
}
