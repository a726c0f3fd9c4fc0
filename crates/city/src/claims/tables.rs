//! Large cities hand claims over as tables instead of files. Who knows how to write such tables is told by the caller,
//! so that the city shares no writer with what it tests.

use std::path::Path;

use crate::claims::columns::{Xml1, Xml2, Xml3, Xml4};
use crate::claims::render::Table;
use crate::error::CityError;

/// Makes tables of text columns.
pub trait TableMaker {
    /// Begins a table at a path; all columns hold text, an empty cell is absent.
    fn create(&mut self, path: &Path, columns: &[String]) -> Result<Box<dyn TableFile>, CityError>;
}

/// A table while its rows are written.
pub trait TableFile {
    /// Adds a row with a cell for each column.
    fn row(&mut self, cells: &[&str]) -> Result<(), CityError>;
    /// Ends the table.
    fn close(self: Box<Self>) -> Result<(), CityError>;
}

/// The three tables of a month: visits, lines, results.
pub(crate) struct MonthTables {
    visits: Box<dyn TableFile>,
    lines: Box<dyn TableFile>,
    results: Box<dyn TableFile>,
    /// For each column of the lines, its place in XML2 and in XML3.
    places: Vec<(Option<usize>, Option<usize>)>,
}

fn lower(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| name.to_lowercase()).collect()
}

impl MonthTables {
    /// Begins the tables in a folder.
    pub(crate) fn create(folder: &Path, maker: &mut dyn TableMaker) -> Result<Self, CityError> {
        std::fs::create_dir_all(folder).map_err(CityError::io(folder))?;
        let (drugs, services) = (lower(Xml2::COLUMNS), lower(Xml3::COLUMNS));
        let mut names = drugs.clone();
        names.extend(services.iter().filter(|name| !drugs.contains(name)).cloned());
        let at = |list: &[String], name: &String| list.iter().position(|own| own == name);
        let places = names.iter().map(|name| (at(&drugs, name), at(&services, name))).collect();
        let with = |first: &[&str], rest: &[String]| -> Vec<String> {
            first.iter().map(|name| (*name).to_owned()).chain(rest.iter().cloned()).collect()
        };
        let mut create = |name: &str, columns: &[String]| maker.create(&folder.join(format!("{name}.parquet")), columns);
        Ok(Self {
            visits: create("visits", &lower(Xml1::COLUMNS))?,
            lines: create("lines", &with(&["ma_cskcb", "line_table", "line_no"], &names))?,
            results: create("results", &with(&["ma_cskcb", "row_no"], &lower(Xml4::COLUMNS)))?,
            places,
        })
    }

    /// Adds a dossier of a facility; its notes and papers are left out.
    pub(crate) fn add(&mut self, facility: &str, dossier: &[Table]) -> Result<(), CityError> {
        for table in dossier {
            for (nth, row) in table.rows.iter().enumerate() {
                let number = (nth + 1).to_string();
                match table.name {
                    "XML1" => self.visits.row(&row.iter().map(String::as_str).collect::<Vec<_>>())?,
                    "XML2" | "XML3" => {
                        let drug = table.name == "XML2";
                        let cell = |(in_drugs, in_services): &(Option<usize>, Option<usize>)| {
                            (if drug { in_drugs } else { in_services }).map_or("", |at| row[at].as_str())
                        };
                        let mut cells = vec![facility, if drug { "xml2" } else { "xml3" }, number.as_str()];
                        cells.extend(self.places.iter().map(cell));
                        self.lines.row(&cells)?;
                    }
                    "XML4" => {
                        let mut cells = vec![facility, number.as_str()];
                        cells.extend(row.iter().map(String::as_str));
                        self.results.row(&cells)?;
                    }
                    _ => {}
                }
            }
        }
        Ok(())
    }

    /// Ends the tables.
    pub(crate) fn close(self) -> Result<(), CityError> {
        self.visits.close()?;
        self.lines.close()?;
        self.results.close()
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::collections::BTreeMap;
    use std::path::PathBuf;
    use std::rc::Rc;

    use super::*;

    type Written = Rc<RefCell<BTreeMap<PathBuf, Vec<Vec<String>>>>>;

    struct Memory(Written);

    struct Lines(Written, PathBuf);

    impl TableMaker for Memory {
        fn create(&mut self, path: &Path, columns: &[String]) -> Result<Box<dyn TableFile>, CityError> {
            self.0.borrow_mut().insert(path.to_owned(), vec![columns.to_vec()]);
            Ok(Box::new(Lines(self.0.clone(), path.to_owned())))
        }
    }

    impl TableFile for Lines {
        fn row(&mut self, cells: &[&str]) -> Result<(), CityError> {
            let row = cells.iter().map(|cell| (*cell).to_owned()).collect();
            self.0.borrow_mut().entry(self.1.clone()).or_default().push(row);
            Ok(())
        }

        fn close(self: Box<Self>) -> Result<(), CityError> {
            Ok(())
        }
    }

    #[test]
    fn lines_of_both_tables_stand_in_one_with_each_cell_under_its_name() {
        let folder = tempfile::tempdir().unwrap();
        let written = Written::default();
        let mut tables = MonthTables::create(folder.path(), &mut Memory(written.clone())).unwrap();
        let row = |columns: &[&str]| columns.iter().map(|name| format!("of {}", name.to_lowercase())).collect::<Vec<String>>();
        let table = |name, columns: &'static [&'static str]| Table { name, columns, rows: vec![row(columns)] };
        let dossier = [table("XML1", Xml1::COLUMNS), table("XML2", Xml2::COLUMNS), table("XML3", Xml3::COLUMNS)];
        tables.add("01011", &dossier).unwrap();
        tables.close().unwrap();
        let written = written.borrow();
        let lines = &written[&folder.path().join("lines.parquet")];
        assert_eq!(lines[0][..3], ["ma_cskcb", "line_table", "line_no"]);
        assert_eq!((lines[1][1].as_str(), lines[2][1].as_str(), lines.len()), ("xml2", "xml3", 3));
        for line in &lines[1..] {
            let misplaced =
                lines[0].iter().zip(line).skip(3).find(|(name, cell)| !cell.is_empty() && **cell != format!("of {name}"));
            assert_eq!(misplaced, None);
        }
        assert!(lines[1].iter().any(|cell| cell == "of ma_thuoc") && lines[2].iter().any(|cell| cell == "of ma_giuong"));
        assert_eq!(written[&folder.path().join("visits.parquet")].len(), 2);
    }
}
