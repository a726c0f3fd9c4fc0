//! What commands work with: content, law, rules, layouts, places, and the data folder.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use base::Explain;
use base::places::Places;
use book::{Book, BookError, Content, WriterLock};
use chapter::LayoutShelf;
use claims::{Formats, PaperForms};
use desk::KeyRing;
use intake::{Codes, Layouts};
use law::Law;
use rules::{Rules, TableSchemas};
use web::{Lang, Texts};

use crate::config::Config;
use crate::failure::Failure;

/// Content, read and checked.
pub struct Workshop {
    /// All files.
    pub content: Content,
    /// The law.
    pub law: Law,
    /// Contracts of tables.
    pub schemas: TableSchemas,
    /// Rules.
    pub rules: Rules,
    /// Roster layouts.
    pub layouts: Layouts,
    /// What the words of offices mean.
    pub codes: Codes,
    /// Communes and old units.
    pub places: Places,
}

impl Workshop {
    /// Reads the embedded content with folders laid over it.
    pub fn open(overlays: &[PathBuf]) -> Result<Self, Failure> {
        Self::from_content(crate::content::load(overlays)?)
    }

    /// The layouts of a portal, which a clerk may add to: new ones go into the data folder.
    pub fn shelf(&self, data: &Path) -> Result<LayoutShelf, Failure> {
        let files = self.content.under("formats/rosters").into_iter().map(|(path, text)| (path.to_owned(), text.to_owned()));
        LayoutShelf::new(files, data).map_err(|e| Failure::of(&e, 3))
    }

    /// Reads given content, e.g. that of an earlier run.
    pub fn from_content(content: Content) -> Result<Self, Failure> {
        let law = Law::load(content.under("law")).map_err(|e| Failure::of(&e, 3))?;
        let schemas =
            TableSchemas::load(content.under("formats/tables"), content.under("formats/claims")).map_err(|e| several(&e))?;
        let rules = Rules::load(content.under("rules"), &law, &schemas).map_err(|e| several(&e))?;
        let owned = |(path, text): (&str, &str)| (path.to_owned(), text.to_owned());
        let layouts = Layouts::load(content.under("formats/rosters").into_iter().map(owned)).map_err(|e| Failure::of(&e, 3))?;
        let codes = Codes::load(content.under("formats/codes")).map_err(|e| Failure::of(&e, 3))?;
        let file = |path: &str| {
            content.file(path).ok_or_else(|| Failure::input("content_missing", format!("không có tệp {path} trong nội dung")))
        };
        let places = Places::from_csv(file("formats/places/communes.csv")?, file("formats/places/old_units.csv")?)
            .map_err(|e| Failure::input("places_unreadable", e.to_string()))?;
        Ok(Self { law, schemas, rules, layouts, codes, places, content })
    }

    /// The claim tables and lists of codes.
    pub fn claim_formats(&self) -> Result<Formats, Failure> {
        Formats::load(self.content.under("formats/claims"), self.content.under("formats/claims/lists")).map_err(|e| several(&e))
    }

    /// The forms that the claims audit makes.
    pub fn claim_papers(&self) -> Result<PaperForms, Failure> {
        PaperForms::load(self.content.under("formats/claims/forms")).map_err(|e| several(&e))
    }

    /// The words of the screens.
    pub fn texts(&self) -> Result<Texts, Failure> {
        let mut files: Vec<(Lang, &str, &str)> = Vec::new();
        for (path, text) in self.content.under("locales") {
            let Some((lang, name)) = path.split_once('/') else { continue };
            if let Some(lang) = Lang::parse(lang) {
                files.push((lang, name, text));
            }
        }
        Texts::load(&files).map_err(|e| Failure::input("texts_unreadable", e.to_string()))
    }
}

/// The book of the data folder, sealed where a key file is set.
pub fn open_book(config: &Config) -> Result<Book, Failure> {
    open_book_at(config, &config.data())
}

/// The book of another data folder, with the same keys.
pub fn open_book_at(config: &Config, data: &Path) -> Result<Book, Failure> {
    let keys = config.keys().map(|path| KeyRing::load(&path)).transpose()?;
    Ok(Book::open_with_keys(&data.join("book"), keys.map(|keys| keys.for_book()))?)
}

/// How long a command waits for the right to write: longer than the portal has it when it takes claim files in by itself, so that nobody's run at night fails for that.
const PATIENCE: Duration = Duration::from_secs(20);

/// The right to write into a book; another writer who has it is waited for a little.
pub fn lock(book: &Book) -> Result<WriterLock, Failure> {
    let begun = Instant::now();
    loop {
        match book.lock() {
            Ok(lock) => return Ok(lock),
            Err(BookError::Busy { .. }) if begun.elapsed() < PATIENCE => std::thread::sleep(Duration::from_millis(200)),
            Err(error) => return Err(error.into()),
        }
    }
}

/// Hash of the program: steps done by another program are done again.
pub fn program_hash() -> Result<String, Failure> {
    let failed = |e: std::io::Error| Failure::internal(format!("the program file cannot be read: {e}"));
    let mut file = std::env::current_exe().and_then(std::fs::File::open).map_err(failed)?;
    let mut hasher = blake3::Hasher::new();
    std::io::copy(&mut file, &mut hasher).map_err(failed)?;
    Ok(hasher.finalize().to_hex()[..32].to_owned())
}

/// Many faults as one failure: each on its own line.
fn several<E: Explain>(errors: &[E]) -> Failure {
    let mut failure = match errors.first() {
        Some(first) => Failure::of(first, 3),
        None => Failure::internal("content was refused without a reason"),
    };
    failure.message = errors.iter().map(|e| e.what()).collect::<Vec<_>>().join("\n");
    failure
}
