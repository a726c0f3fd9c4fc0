//! Files to checked rows: layouts, sheets, encodings, quarantine.
