//! Which roster a file is, and where in it the table lies.

use crate::error::IntakeError;
use crate::head_rows::HeadRow;
use crate::header::{Header, find_all};
use crate::layout::Layout;
use crate::load::Layouts;
use crate::table::{Opened, Place};

/// What was found in a file.
pub(crate) struct Choice<'l> {
    /// The layout that fits.
    pub layout: &'l Layout,
    /// Where the table lies.
    pub place: Place,
    /// Its header.
    pub header: Header,
    /// The filled rows at its top.
    pub head: Vec<HeadRow>,
    /// Worksheets that were looked at and left.
    pub other_sheets: Vec<String>,
}

/// Looks at every sheet (or separator) with every layout, of one roster when it is given.
///
/// Refuses files in which nothing fits, two rosters fit alike, or several sheets fit: reading one of
/// them would lose the others without a word.
pub(crate) fn choose<'l>(opened: &mut Opened<'_>, roster: Option<&str>, layouts: &'l Layouts) -> Result<Choice<'l>, IntakeError> {
    let places = opened.places();
    let mut heads = Vec::with_capacity(places.len());
    for place in places {
        heads.push((opened.head(&place)?, place));
    }
    choose_among(heads, opened.is_text(), roster, layouts)
}

/// The same for places of which the top rows are known; of the columns of a text only one place can be right.
pub(crate) fn choose_among<'l>(
    mut heads: Vec<(Vec<HeadRow>, Place)>,
    is_text: bool,
    roster: Option<&str>,
    layouts: &'l Layouts,
) -> Result<Choice<'l>, IntakeError> {
    if let Some(roster) = roster.filter(|r| layouts.newest(r).is_none()) {
        return Err(IntakeError::UnknownRoster { roster: roster.to_owned() });
    }
    if heads.iter().all(|(head, _)| head.is_empty()) {
        return Err(IntakeError::Empty);
    }
    let mut fitting = Vec::new();
    let mut near = Vec::new();
    for (at, (head, _)) in heads.iter().enumerate() {
        let found: Vec<(&Layout, Header)> = layouts
            .all()
            .iter()
            .zip(find_all(layouts.index(), head))
            .filter(|(layout, _)| roster.is_none_or(|r| layout.roster == r))
            .filter_map(|(layout, header)| Some((layout, header?)))
            .collect();
        let (whole, lacking) = found.into_iter().partition(|(layout, found)| found.missing(layout, true).is_empty());
        near.push(lacking);
        if let Some((layout, header)) = best_layout(whole)? {
            fitting.push((at, layout, header));
        }
    }
    if is_text {
        // Only one separator can be right: the one that shows the most columns.
        fitting.sort_by_key(|(at, _, header)| (std::cmp::Reverse(header.matched), *at));
        fitting.truncate(1);
    }
    let sheet_names = |keep: &dyn Fn(usize) -> bool| -> Vec<String> {
        let sheets = heads.iter().enumerate().filter(|(at, _)| keep(*at));
        sheets.filter_map(|(_, (_, place))| if let Place::Sheet(name) = place { Some(name.clone()) } else { None }).collect()
    };
    match fitting.len() {
        0 => {
            let filled = heads.iter().filter(|(head, _)| !head.is_empty()).count();
            if !is_text && filled > 1 {
                return Err(IntakeError::WrongSheet { sheets: sheet_names(&|_| true) });
            }
            Err(nearest(near))
        }
        1 => {
            let (at, layout, header) = fitting.remove(0);
            if !header.twice.is_empty() {
                return Err(IntakeError::DuplicateColumn { headers: header.twice });
            }
            let other_sheets = sheet_names(&|other| other != at);
            let (head, place) = heads.swap_remove(at);
            Ok(Choice { layout, place, header, head, other_sheets })
        }
        _ => Err(IntakeError::SeveralSheets { sheets: sheet_names(&|at| fitting.iter().any(|(f, ..)| *f == at)) }),
    }
}

/// Of the layouts with all required columns the one that reads the most columns and leaves the fewest unknown.
fn best_layout(mut fitting: Vec<(&Layout, Header)>) -> Result<Option<(&Layout, Header)>, IntakeError> {
    let rank = |(layout, found): &(&Layout, Header)| (found.matched, std::cmp::Reverse(found.unknown.len()), layout.valid_from);
    fitting.sort_by_key(|fit| std::cmp::Reverse(rank(fit)));
    if let [first, second, ..] = fitting.as_slice() {
        let alike = (first.1.matched, first.1.unknown.len()) == (second.1.matched, second.1.unknown.len());
        if alike && first.0.roster != second.0.roster {
            return Err(IntakeError::AmbiguousLayout { rosters: vec![first.0.roster.clone(), second.0.roster.clone()] });
        }
    }
    Ok(fitting.into_iter().next())
}

/// The error that names the layout which lacks the least; given what was found in each place.
fn nearest(places: Vec<Vec<(&Layout, Header)>>) -> IntakeError {
    let mut best: Option<(usize, &Layout, Header)> = None;
    for (layout, found) in places.into_iter().flatten() {
        let missing = found.missing(layout, true).len();
        let better = best.as_ref().is_none_or(|(least, _, b)| (missing, b.matched) < (*least, found.matched));
        if better {
            best = Some((missing, layout, found));
        }
    }
    // A row in which a single cell happens to read like a header is no header: its other cells may be
    // somebody's data and must not be repeated in an error.
    let Some((_, layout, found)) = best.filter(|(_, _, found)| found.matched >= 2) else {
        return IntakeError::UnknownLayout { nearest: None, missing: Vec::new(), unknown: Vec::new() };
    };
    let heading = |name: &str| layout.field(name).and_then(|f| f.headers.first()).cloned().unwrap_or_else(|| name.to_owned());
    let missing = found.missing(layout, true).into_iter().map(heading).collect();
    IntakeError::UnknownLayout { nearest: Some(layout.title.vi.clone()), missing, unknown: found.unknown }
}
