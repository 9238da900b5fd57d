package io.trainyard.datasets;

import java.util.List;

/**
 * What a CSV file holds.
 *
 * @param rows without the header
 * @param width the values that one row's features are encoded to
 * @param columns in the file's order
 * @param target {@link Target.Classes} of a text column, {@link Target.Integers} of a column of
 *     whole numbers (up to 10,000 different ones), else {@link Target.Values} of shape [1]
 * @param preview the first rows' cells as text, long ones cut
 */
public record CsvProfile(
    long rows, int width, List<ColumnProfile> columns, Target target, List<List<String>> preview) {}
