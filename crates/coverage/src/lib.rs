//! Plan II, III.1-III.2: register, gaps, indicators and their pages.
