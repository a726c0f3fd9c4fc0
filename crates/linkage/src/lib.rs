//! Who is who: normalise, compare, learn, assign, explain. No input or output.
