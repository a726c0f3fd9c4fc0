//! The law as dated data: loader, law at a date. No input or output.
