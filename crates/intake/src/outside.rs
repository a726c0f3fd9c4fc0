//! What an agreement (thỏa thuận chia sẻ dữ liệu) leaves out of a file: not stored, and not kept in refused rows either.

use std::collections::BTreeMap;

use crate::error::IntakeError;
use crate::head_rows::fold_header;
use crate::header::Header;
use crate::layout::{Kind, Layout};
use crate::load::REJECT_HEADERS;

/// Refuses a layout of which the agreement leaves out what every file or row must have.
pub(crate) fn can_be_read(layout: &Layout) -> Result<(), IntakeError> {
    let lacking = layout.fields.iter().filter(|f| f.outside && (f.required || f.needed));
    let headers: Vec<String> = lacking.map(|f| f.headers.first().unwrap_or(&f.name).clone()).collect();
    if headers.is_empty() { Ok(()) } else { Err(IntakeError::OutsideAgreement { headers }) }
}

/// What an agreement leaves out of a file.
pub(crate) struct Outside {
    /// Columns of fields, and what they hold.
    pub columns: Vec<(usize, Kind)>,
    /// All columns of which nothing may stay, those that are no field too.
    silent: Vec<usize>,
    /// Whether there is an agreement at all.
    agreed: bool,
}

impl Outside {
    /// For a file with this header.
    pub fn new(layout: &Layout, header: &Header) -> Self {
        let field = |at: &Option<usize>| at.map(|at| &layout.fields[at]);
        let columns = header.columns.iter().enumerate();
        let outside = columns.clone().filter_map(|(at, of)| field(of).filter(|f| f.outside).map(|f| (at, f.kind)));
        let own = |at: usize| REJECT_HEADERS.iter().any(|own| fold_header(&header.names[at]) == fold_header(own));
        let silent = columns.filter(|(at, of)| field(of).map_or(!own(*at), |f| f.outside)).map(|(at, _)| at);
        Self {
            columns: outside.collect(),
            silent: if layout.agreed { silent.collect() } else { Vec::new() },
            agreed: layout.agreed,
        }
    }

    /// Empties the cells of a refused row that the agreement leaves out. Of a row whose values have shifted nothing stays:
    /// they may stand in any column.
    pub fn blank(&self, texts: &mut Vec<String>, shifted: bool) {
        if self.agreed && shifted {
            texts.clear();
        }
        for at in &self.silent {
            if let Some(text) = texts.get_mut(*at) {
                text.clear();
            }
        }
    }
}

/// The headers of the columns that the agreement leaves out, with nothing counted yet.
pub(crate) fn outside_names(layout: &Layout, header: &Header) -> BTreeMap<String, u64> {
    let outside = |of: &Option<usize>| of.is_some_and(|at| layout.fields[at].outside);
    let columns = header.columns.iter().zip(&header.names).filter(|(of, _)| outside(of));
    columns.map(|(_, name)| (name.clone(), 0)).collect()
}
