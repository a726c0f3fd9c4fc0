//! What a rule's SQL may say: its functions and its literals.

/// Functions a rule may call. All are deterministic and exact, and none reads anything but its arguments.
///
/// Left out on purpose: clocks (`now`), chance (`random`, `uuid`), approximations (`approx_*`), floats
/// (`avg`, `sqrt`, `stddev`), what depends on the order of rows (`array_agg`, `first_value`, `string_agg`).
const FUNCTIONS: [&str; 56] = [
    "abs",
    "array_has",
    "bit_length",
    "bool_and",
    "bool_or",
    "btrim",
    "character_length",
    "char_length",
    "coalesce",
    "concat",
    "concat_ws",
    "count",
    "date_part",
    "date_trunc",
    "datepart",
    "datetrunc",
    "dense_rank",
    "ends_with",
    "extract",
    "greatest",
    "grouping",
    "ifnull",
    "initcap",
    "lag",
    "law",
    "lead",
    "least",
    "left",
    "length",
    "lower",
    "lpad",
    "ltrim",
    "make_date",
    "max",
    "min",
    "nullif",
    "nvl",
    "octet_length",
    "position",
    "rank",
    "regexp_like",
    "repeat",
    "replace",
    "reverse",
    "right",
    "row_number",
    "rpad",
    "rtrim",
    "split_part",
    "starts_with",
    "strpos",
    "substr",
    "substring",
    "sum",
    "trim",
    "upper",
];

/// Window functions whose answer depends on an ORDER BY in their OVER clause.
const ORDERED: [&str; 5] = ["dense_rank", "lag", "lead", "rank", "row_number"];

/// Whether a rule may call the function.
pub(crate) fn is_allowed(function: &str) -> bool {
    FUNCTIONS.contains(&function)
}

/// Whether the window function needs an ORDER BY.
pub(crate) fn needs_order(function: &str) -> bool {
    ORDERED.contains(&function)
}

/// Whether a quoted text is a figure in disguise, as in `CAST('90' AS INT)` or `'2026-07-01'`.
///
/// 0 and 1 are free as they are among numbers. A code that begins with a digit belongs in a declared
/// parameter or in the law.
pub(crate) fn is_figure(text: &str) -> bool {
    let text = text.trim().trim_start_matches(['-', '+', '.', 'P']);
    text.starts_with(|c: char| c.is_ascii_digit()) && text != "0" && text != "1"
}

/// Whether an interval says more than one of its unit.
pub(crate) fn is_figure_in_interval(text: &str) -> bool {
    text.split(|c: char| !c.is_ascii_digit()).any(|digits| !matches!(digits, "" | "0" | "1"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_seen_in_texts() {
        for figure in ["90", "-90", "2026-07-01", "90 days", " 4.5", ".5", "P90D"] {
            assert!(is_figure(figure), "{figure}");
        }
        for text in ["0", "1", "GD", "under_1_month", "-", "", "P", "Phường 1"] {
            assert!(!is_figure(text), "{text}");
        }
        assert!(is_figure_in_interval("90 days") && is_figure_in_interval("1 month 2 days"));
        assert!(!is_figure_in_interval("1 day"));
    }

    #[test]
    fn clocks_chance_and_floats_are_not_on_the_list() {
        for clock in ["now", "current_date", "current_timestamp", "today", "random", "uuid", "approx_distinct", "avg"] {
            assert!(!is_allowed(clock), "{clock}");
        }
        assert!(is_allowed("law") && is_allowed("coalesce"));
    }
}
