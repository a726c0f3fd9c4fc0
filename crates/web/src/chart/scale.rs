//! Straight scales from values to places, and round steps of an axis.

/// Maps values from `low..high` to places from `from..to`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scale {
    low: f64,
    high: f64,
    from: f64,
    to: f64,
}

impl Scale {
    /// A scale; a range without width is widened, so that a flat line stands in the middle.
    pub fn new(low: f64, high: f64, from: f64, to: f64) -> Self {
        if high - low > f64::EPSILON { Self { low, high, from, to } } else { Self { low: low - 1.0, high: high + 1.0, from, to } }
    }

    /// The place of a value.
    pub fn at(&self, value: f64) -> f64 {
        self.from + (value - self.low) / (self.high - self.low) * (self.to - self.from)
    }
}

/// Round values between `low` and `high`, about `count` of them: steps of 1, 2 or 5 times a power of ten.
pub(crate) fn ticks(low: f64, high: f64, count: f64) -> Vec<f64> {
    let rough = (high - low) / count;
    if !rough.is_finite() || rough <= 0.0 {
        return Vec::new();
    }
    let power = 10f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|m| m * power).find(|s| *s >= rough).unwrap_or(10.0 * power);
    let first = (low / step).ceil() as i64;
    let last = (high / step).floor() as i64;
    (first..=last).map(|n| n as f64 * step).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_inside() {
        assert_eq!(ticks(-22.1, 12.0, 4.0), [-20.0, -10.0, 0.0, 10.0]);
        assert_eq!(ticks(0.0, 0.0, 4.0), Vec::<f64>::new());
    }

    #[test]
    fn a_flat_line_stands_in_the_middle() {
        assert_eq!(Scale::new(5.0, 5.0, 0.0, 80.0).at(5.0), 40.0);
    }
}
