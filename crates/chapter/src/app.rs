//! What every page may use.

use std::sync::{Arc, OnceLock};

use base::Scope;
use base::places::Places;
use book::Book;
use desk::{AddressKey, Desk, Permission, ReadEvent, may};
use law::Law;
use rules::{Rules, TableSchemas};
use web::{Locale, MenuGroup, Page, Search, Texts, User};

use crate::guard::limit::Limiter;
use crate::{LayoutShelf, PageError, RouteList, Viewer};

/// Unix time in milliseconds, injected; the only clock of the portal.
pub type Clock = desk::Clock;

/// What the binary puts together before it serves.
pub struct Setup {
    /// The book.
    pub book: Book,
    /// The desk.
    pub desk: Desk,
    /// The law shown beside findings.
    pub law: Law,
    /// The rules and their pages.
    pub rules: Rules,
    /// Contracts of the shared tables.
    pub schemas: TableSchemas,
    /// Communes.
    pub places: Places,
    /// Layouts of rosters; a clerk may add some.
    pub shelf: LayoutShelf,
    /// Bytes of the largest file that can be sent at the portal.
    pub upload_bytes: u64,
    /// Words of the screens.
    pub texts: Texts,
    /// The clock.
    pub clock: Clock,
    /// Whether every page says that the people are invented.
    pub sample_data: bool,
    /// Who looks after personal data; none while nobody was named.
    pub protection: Option<ProtectionOfficer>,
    /// How one comes in.
    pub entry: Entry,
    /// What each address asks of who comes.
    pub routes: RouteList,
    /// Menu groups of all chapters.
    pub menu: fn(Locale, &Scope) -> Vec<MenuGroup>,
}

/// Who looks after personal data (bộ phận, nhân sự bảo vệ dữ liệu cá nhân), named on every page and letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProtectionOfficer {
    /// Name of the person or the department.
    pub name: String,
    /// Telephone, address, e-mail.
    pub contact: String,
}

impl ProtectionOfficer {
    /// From settings; none without a name.
    pub fn of(name: &str, contact: &str) -> Option<Self> {
        let (name, contact) = (base::names::clean(name), base::names::clean(contact));
        (!name.is_empty()).then_some(Self { name, contact })
    }

    /// Name and contact on one line.
    pub fn line(&self) -> String {
        if self.contact.is_empty() { self.name.clone() } else { format!("{}, {}", self.name, self.contact) }
    }
}

/// How one comes in.
#[derive(Debug, Clone)]
pub enum Entry {
    /// Roles to choose from, the first one taken without a choice. Nothing is proved: for one person on one machine.
    Picker(Vec<LocalRole>),
    /// Accounts of the desk.
    SignIn {
        /// The name under which a proxy on this machine publishes the portal over HTTPS; none for this machine alone.
        host: Option<String>,
    },
}

impl Entry {
    /// The published name.
    pub fn public_host(&self) -> Option<&str> {
        match self {
            Self::SignIn { host } => host.as_deref(),
            Self::Picker(_) => None,
        }
    }

    /// Name of the cookie that holds the token of a session. Over HTTPS browsers themselves hold it to this host.
    pub fn session_cookie(&self) -> &'static str {
        if self.public_host().is_some() { "__Host-phien" } else { "phien" }
    }
}

/// A role of the local portal. Sign-in replaces this choice where the portal is not local.
#[derive(Debug, Clone)]
pub struct LocalRole {
    /// Desk user id, e.g. `u-city`.
    pub user: String,
    /// Words on the screen.
    pub label: String,
    /// Name of the unit.
    pub unit_name: String,
    /// What the role sees.
    pub scope: Scope,
}

/// Shared by all pages.
#[derive(Clone)]
pub struct App(Arc<Shared>);

struct Shared {
    setup: Setup,
    limiter: Limiter,
    /// Seals what is sought in addresses; made when it is first needed, gone with the process.
    address_key: OnceLock<AddressKey>,
}

impl std::ops::Deref for App {
    type Target = Setup;
    fn deref(&self) -> &Setup {
        &self.0.setup
    }
}

/// Proof that what a page shows stands in the audit log. Only [`App::audit`] makes one.
#[derive(Debug, Clone, Copy)]
pub struct Audited(());

impl App {
    /// Makes the shared part.
    pub fn new(setup: Setup) -> Self {
        Self(Arc::new(Shared { setup, limiter: Limiter::default(), address_key: OnceLock::new() }))
    }

    pub(crate) fn limiter(&self) -> &Limiter {
        &self.0.limiter
    }

    /// Words of a viewer, sealed for an address. See [`crate::Sought`].
    pub(crate) fn seal(&self, viewer: &Viewer, words: &str) -> Result<String, PageError> {
        let random = || self.desk.fresh_random().map_err(|e| PageError::inner(&e));
        let key = match self.0.address_key.get() {
            Some(key) => key,
            None => {
                let fresh = AddressKey::new(random()?);
                self.0.address_key.get_or_init(|| fresh)
            }
        };
        key.seal(random()?, &viewer.scope.actor.0, words).map_err(|e| PageError::inner(&e))
    }

    /// Words that [`App::seal`] sealed for this viewer since the program was started; otherwise what the reader can do.
    pub(crate) fn opened(&self, viewer: &Viewer, sealed: &str) -> Result<String, PageError> {
        let key = self.0.address_key.get();
        let words = key.and_then(|key| key.open(&viewer.scope.actor.0, sealed));
        words.ok_or_else(|| PageError::BadRequest(self.locale(viewer).t("app-sought-gone")))
    }

    /// Writes what is about to be shown into the audit log and waits until it is there.
    ///
    /// Pages are rendered with the proof this gives; without the event nothing is shown.
    pub async fn audit(&self, viewer: &Viewer, event: ReadEvent) -> Result<Audited, PageError> {
        self.desk.audit_read(&viewer.scope, event).await.map_err(|e| PageError::inner(&e))?;
        Ok(Audited(()))
    }

    /// An empty page with shell, menu, user and notice filled in. Who is not signed in sees neither menu nor search.
    pub fn page(&self, viewer: &Viewer, path: &str, title: impl Into<String>) -> Page {
        let l = self.locale(viewer);
        let somebody = viewer.is_somebody();
        let user = User { label: viewer.label.clone(), unit: viewer.unit_name.clone(), href: viewer.own_page().into() };
        Page {
            title: title.into(),
            path: path.to_owned(),
            theme: viewer.theme,
            menu: if somebody { (self.menu)(l, &viewer.scope) } else { Vec::new() },
            user: somebody.then_some(user),
            notice: if self.sample_data { l.t("app-sample-data") } else { String::new() },
            contact: self.protection_line(l),
            search: may(&viewer.scope, Permission::ListPeople).then(|| Search {
                action: "/nguoi-chua-tham-gia".into(),
                name: "q".into(),
                value: String::new(),
                label: l.t("app-search"),
            }),
            ..Page::default()
        }
    }

    /// Who looks after personal data, in words for the foot of a page or a letter; that nobody was named yet is said too.
    pub fn protection_line(&self, l: Locale) -> String {
        match &self.protection {
            Some(officer) => l.t_args("app-protection", &[("who", officer.line().as_str().into())]),
            None => l.t("app-protection-none"),
        }
    }

    /// That what stands here was found automatically, that a person decides, and where one asks that a person looks again (Law 91/2025/QH15
    /// article 30, secondary source): said wherever a finding is shown, and in letters about one.
    pub fn automation_line(&self, l: Locale) -> String {
        let place = self.protection.as_ref().map_or_else(|| l.t("app-automation-where"), ProtectionOfficer::line);
        l.t_args("app-automation", &[("where", place.as_str().into())])
    }

    /// A form's own number, which makes sending it twice harmless: of who opened it, what for and when.
    pub fn form_number(&self, viewer: &Viewer, what: &str) -> String {
        let print = book::Fingerprint::new(what).with("actor", viewer.scope.actor.0.as_bytes());
        format!("n{}", &print.with("opened", (self.clock)().to_string()).finish()[..30])
    }

    /// Today in Hà Nội.
    pub fn today(&self) -> base::Date {
        day_in_hanoi((self.clock)())
    }

    /// Words in the viewer's language.
    pub fn locale(&self, viewer: &Viewer) -> Locale<'_> {
        self.texts.lang(viewer.lang)
    }
}

/// The day in Hà Nội of a moment in Unix milliseconds.
pub fn day_in_hanoi(unix_ms: i64) -> base::Date {
    // Asia/Ho_Chi_Minh has been seven hours ahead of UTC all year round since 1975.
    const AHEAD: i64 = 7 * 3_600_000;
    let days = i32::try_from(unix_ms.saturating_add(AHEAD).div_euclid(86_400_000)).unwrap_or(i32::MAX);
    base::Date::from_days_since_epoch(days).unwrap_or_else(|| unreachable!("the clock stands within the calendar"))
}
