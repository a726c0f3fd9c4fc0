//! What a chapter gives the binary: routes, monthly steps, permissions, menu, indicators.
