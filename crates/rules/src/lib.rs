//! Loads literate rules, runs them and their cases, keeps finding states.
