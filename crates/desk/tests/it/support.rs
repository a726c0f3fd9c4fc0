//! Stores to test on, people to act as, and a raw door behind the desk.

use std::collections::BTreeSet;
use std::io::Write;
use std::str::FromStr;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Once};

use base::{Actor, Area, CommuneCode, Purpose, Role, Scope};
use desk::{Clock, DecisionKind, Desk, NewDecision, RowRef, SeededIds};
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Row};
use tempfile::TempDir;

pub const HA_DONG: &str = "09556";
pub const HOAN_KIEM: &str = "00004";

/// A database of one test's own.
pub struct Place {
    pub url: String,
    _folder: Option<TempDir>,
    /// The same PostgreSQL database with all rights, to do what nobody should.
    admin: Option<PgConnectOptions>,
}

static COUNT: AtomicU64 = AtomicU64::new(0);

impl Place {
    pub fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = folder.path().join("data/desk.sqlite").display().to_string();
        Self { url, _folder: Some(folder), admin: None }
    }

    /// A database owned by a role without special rights, as in a city; `None` when no server is given.
    pub async fn postgres() -> Option<Self> {
        let Ok(server) = std::env::var("ANSINH_TEST_POSTGRES") else {
            let required = std::env::var("ANSINH_REQUIRE").unwrap_or_default();
            assert!(
                !required.split(',').any(|word| word.trim() == "postgres"),
                "ANSINH_TEST_POSTGRES is not set, but postgres is required"
            );
            static TOLD: Once = Once::new();
            // Past the test harness, which keeps back what passing tests print.
            TOLD.call_once(|| {
                drop(writeln!(
                    std::io::stderr(),
                    "SKIPPED (postgres): ANSINH_TEST_POSTGRES=postgres://superuser@host:port/db is not set"
                ))
            });
            return None;
        };
        let options = PgConnectOptions::from_str(&server).unwrap().disable_statement_logging();
        let mut connection = PgConnection::connect_with(&options).await.unwrap();
        let name = format!("desk_test_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let (owner, password) = (format!("{name}_owner"), "desk-test");
        for sql in [
            format!("DROP DATABASE IF EXISTS {name}"),
            format!("DROP ROLE IF EXISTS {owner}"),
            format!("CREATE ROLE {owner} LOGIN CREATEROLE PASSWORD '{password}'"),
            format!("CREATE DATABASE {name} OWNER {owner}"),
        ] {
            sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
        }
        let url = format!("postgres://{owner}:{password}@{}:{}/{name}", options.get_host(), options.get_port());
        Some(Self { url, _folder: None, admin: Some(options.database(&name)) })
    }

    pub async fn all() -> Vec<Self> {
        [Some(Self::sqlite()), Self::postgres().await].into_iter().flatten().collect()
    }

    pub fn is_postgres(&self) -> bool {
        self.admin.is_some()
    }

    pub async fn open(&self) -> Desk {
        self.open_seeded(1).await
    }

    /// Clock and ids that start anew with each opening, but never at the ids of another seed.
    pub async fn open_seeded(&self, seed: u64) -> Desk {
        Desk::open(&self.url, ticking(), Arc::new(SeededIds::new(seed))).await.unwrap()
    }

    /// Runs SQL behind the desk's back, as the owner of everything; the error as text.
    pub async fn raw(&self, sql: &str) -> Result<u64, String> {
        let sql = AssertSqlSafe(sql.to_owned());
        match &self.admin {
            Some(admin) => {
                let mut connection = PgConnection::connect_with(admin).await.unwrap();
                sqlx::raw_sql(sql)
                    .execute(&mut connection)
                    .await
                    .map(|done| done.rows_affected())
                    .map_err(|error| error.to_string())
            }
            None => {
                let mut connection = self.sqlite_connection().await;
                sqlx::raw_sql(sql)
                    .execute(&mut connection)
                    .await
                    .map(|done| done.rows_affected())
                    .map_err(|error| error.to_string())
            }
        }
    }

    /// The first column of the first row, a number.
    pub async fn number(&self, sql: &str) -> i64 {
        let sql = AssertSqlSafe(sql.to_owned());
        match &self.admin {
            Some(admin) => {
                let mut connection = PgConnection::connect_with(admin).await.unwrap();
                sqlx::query(sql).fetch_one(&mut connection).await.unwrap().get(0)
            }
            None => sqlx::query(sql).fetch_one(&mut self.sqlite_connection().await).await.unwrap().get(0),
        }
    }

    /// The first column of the first row, a text.
    pub async fn text(&self, sql: &str) -> String {
        let sql = AssertSqlSafe(sql.to_owned());
        match &self.admin {
            Some(admin) => {
                let mut connection = PgConnection::connect_with(admin).await.unwrap();
                sqlx::query(sql).fetch_one(&mut connection).await.unwrap().get(0)
            }
            None => sqlx::query(sql).fetch_one(&mut self.sqlite_connection().await).await.unwrap().get(0),
        }
    }

    /// Takes away the triggers of a table, as somebody with all rights could.
    pub async fn disarm(&self, table: &str) {
        if self.is_postgres() {
            self.raw(&format!("ALTER TABLE {table} DISABLE TRIGGER USER")).await.unwrap();
            return;
        }
        while self.number(&format!("SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = '{table}'")).await
            > 0
        {
            let name =
                self.text(&format!("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = '{table}'")).await;
            self.raw(&format!("DROP TRIGGER {name}")).await.unwrap();
        }
    }

    async fn sqlite_connection(&self) -> SqliteConnection {
        let options = SqliteConnectOptions::new().filename(&self.url).disable_statement_logging();
        SqliteConnection::connect_with(&options).await.unwrap()
    }

    /// Removes the test's PostgreSQL database; a folder removes itself.
    pub async fn remove(self, desk: Desk) {
        desk.close().await;
        if let Some(admin) = self.admin {
            let name = admin.get_database().unwrap().to_owned();
            let mut connection = PgConnection::connect_with(&admin.database("postgres")).await.unwrap();
            let sql = format!("DROP DATABASE {name} WITH (FORCE)");
            sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
            sqlx::raw_sql(AssertSqlSafe(format!("DROP ROLE IF EXISTS {name}_owner"))).execute(&mut connection).await.ok();
        }
    }
}

/// A clock that moves one second with each look, from 31 October 2026.
pub fn ticking() -> Clock {
    let now = AtomicI64::new(1_793_433_600_000);
    Arc::new(move || now.fetch_add(1000, Ordering::Relaxed))
}

pub fn code(text: &str) -> CommuneCode {
    CommuneCode::parse(text).unwrap()
}

pub fn communes(codes: &[&str]) -> Area {
    Area::Communes(codes.iter().map(|text| code(text)).collect::<BTreeSet<_>>())
}

pub fn city_officer() -> Scope {
    Scope {
        actor: Actor("u-city".into()),
        unit: "bhxh-hn".into(),
        area: Area::City,
        role: Role::CityOfficer,
        purpose: Purpose::CoverageReview,
        acting_for: None,
    }
}

pub fn commune_staff(commune: &str) -> Scope {
    Scope {
        actor: Actor(format!("u-{commune}")),
        unit: commune.into(),
        area: communes(&[commune]),
        role: Role::CommuneStaff,
        purpose: Purpose::CoverageReview,
        acting_for: None,
    }
}

/// A decision about the pair `population:p<n>`, `bhyt_card:c<n>`, sent by form number n.
pub fn decision(n: usize, commune: &str) -> NewDecision {
    NewDecision {
        kind: DecisionKind::NotSame,
        left: RowRef::new("population", &format!("p{n}")).unwrap(),
        right: RowRef::new("bhyt_card", &format!("c{n}")).unwrap(),
        commune: Some(code(commune)),
        period: "2026-10".parse().unwrap(),
        reason: "Hai người trùng họ tên, khác ngày sinh".into(),
        client_tx: format!("form-{n:08}"),
    }
}

/// Something in every table.
pub async fn fill(desk: &Desk) {
    let system = Scope::system();
    let unit = |id: &str, kind, parent: Option<&str>| desk::Unit {
        id: id.into(),
        name: format!("Đơn vị {id}"),
        kind,
        parent: parent.map(str::to_owned),
    };
    // The unit above comes after the one below it in the order of ids.
    desk.put_unit(&system, &unit("z-agency", desk::UnitKind::CityAgency, None)).await.unwrap();
    desk.put_unit(&system, &unit("a-commune", desk::UnitKind::Commune, Some("z-agency"))).await.unwrap();
    let staff = desk::User {
        id: "u-09556".into(),
        label: "Công chức phường Hà Đông".into(),
        role: Role::CommuneStaff,
        unit: "a-commune".into(),
        area: communes(&[HA_DONG]),
        active: true,
        valid_from: None,
        valid_to: None,
    };
    desk.put_user(&system, &staff).await.unwrap();
    let first = desk.decide(&commune_staff(HOAN_KIEM), decision(1, HOAN_KIEM)).await.unwrap();
    desk.decide(&commune_staff(HA_DONG), decision(2, HA_DONG)).await.unwrap();
    desk.undo(&city_officer(), &first.id, "Nhầm dòng: \"quote\", \\ và\nxuống dòng").await.unwrap();
    for (n, value) in ["0.95", "0.955"].iter().enumerate() {
        let target = desk::NewTarget {
            indicator: "bhyt-coverage".into(),
            commune: None,
            year: 2026,
            value: value.parse().unwrap(),
            source: "Thành phố".into(),
            document: None,
            reason: (n > 0).then(|| "Giao lại".to_owned()),
            client_tx: format!("target-000{n}"),
        };
        desk.set_target(&city_officer(), target).await.unwrap();
    }
    crate::agreements::fill(desk).await;
    crate::requests::fill(desk).await;
    crate::retention::fill(desk).await;
    let answers = desk::NewSchoolAnswers {
        school: "s-1".into(),
        class: "6a".into(),
        commune: Some(code(HA_DONG)),
        answers: vec![desk::ToldCard {
            person: 7,
            card_number: "0123456789".into(),
            valid_from: None,
            valid_to: base::Date::new(2026, 12, 31).unwrap(),
        }],
        client_tx: "school-0001".into(),
    };
    desk.record_school_answers(&city_officer(), answers).await.unwrap();
    let other = desk::User { id: "u-00004".into(), unit: "z-agency".into(), area: communes(&[HOAN_KIEM]), ..staff.clone() };
    desk.put_user(&system, &other).await.unwrap();
    desk.set_outbox_receivers(&[("folder", &desk::OutboxKind::ALL)]).await.unwrap();
    // Before the cases: taking out what is over its term reaches both.
    crate::review::fill(desk).await;
    crate::cases::fill(desk).await;
    crate::collectors::fill(desk).await;
    crate::documents::fill(desk).await;
    crate::tasks::fill(desk).await;
    crate::committees::fill(desk).await;
    crate::donors::fill(desk).await;
    crate::surveys::fill(desk).await;
    crate::money::fill(desk).await;
    crate::plan_texts::fill(desk).await;
    let opening = desk::NewBreakGlass {
        person: 7,
        commune: Some(code(HOAN_KIEM)),
        reason: "Bệnh viện hỏi thẻ của người cấp cứu".into(),
        client_tx: "glass-0001".into(),
    };
    desk.break_glass(&commune_staff(HA_DONG), opening).await.unwrap();
    let officer = desk::User { id: "u-b".into(), role: Role::BaseOfficer, unit: "z-agency".into(), ..staff };
    desk.put_user(&system, &officer).await.unwrap();
    desk.set_unit_communes(&system, "a-commune", &[code(HA_DONG)].into()).await.unwrap();
    let code = desk.reset_account(&system, "u-b", Some("can-bo")).await.unwrap();
    let sign_in = desk::SignIn { login: "can-bo", secret: &code.code, code: "", address: "127.0.0.1" };
    desk.sign_in_with(sign_in).await.unwrap();
    let identity =
        desk::ProviderIdentity { issuer: "https://id.example.vn".into(), claim: "sub".into(), subject: "248289761001".into() };
    desk.bind_identity(&system, "u-b", &identity).await.unwrap();
    desk.sign_in_identity(&identity, &Default::default(), false, "/").await.unwrap();
    desk.begin_identity("/").await.unwrap();
    let out = desk::ProviderSignOut {
        issuer: &identity.issuer,
        id: "logout-1",
        subject: None,
        sid: Some("session-1"),
        until: i64::MAX,
    };
    assert_eq!(desk.identity_signed_out(&out).await, Ok(Some(0)), "no session of that name");
    desk.delegate(&system, delegation("u-b", "u-09556")).await.unwrap();
    let token = desk::NewApiToken {
        unit: "z-agency".into(),
        label: "Phần mềm một cửa".into(),
        scopes: desk::ApiScope::ALL.into(),
        days: 30,
    };
    desk.make_api_token(&system, token).await.unwrap();
    desk.seal().await.unwrap().unwrap();
}

/// For the first week of the tests' clock.
pub fn delegation(from: &str, to: &str) -> desk::NewDelegation {
    desk::NewDelegation {
        from: from.into(),
        to: to.into(),
        first_day: base::Date::new(2026, 10, 31).unwrap(),
        last_day: base::Date::new(2026, 11, 6).unwrap(),
        reason: "Nghỉ phép, giấy ủy quyền số 12".into(),
        client_tx: format!("delegation-{from}"),
    }
}
