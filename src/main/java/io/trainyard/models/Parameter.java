package io.trainyard.models;

import io.trainyard.shared.Shape;

/** A tensor of a layer, learned or a buffer, named as in torch's {@code state_dict()}. */
public record Parameter(String name, Shape shape, Init init) {}
