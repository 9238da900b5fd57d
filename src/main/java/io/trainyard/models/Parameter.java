package io.trainyard.models;

import io.trainyard.shared.Shape;

/** A learned tensor of a layer, named as in torch's {@code state_dict()}. */
public record Parameter(String name, Shape shape, Init init) {}
