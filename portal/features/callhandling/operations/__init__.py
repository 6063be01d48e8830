"""What is changed about what a line does with calls."""

from portal.features.callhandling.operations.ends import forget_line as forget_line, terminate_line as terminate_line
