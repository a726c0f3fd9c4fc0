//! Periods, manifests, atomic publishing, runs and replay.
