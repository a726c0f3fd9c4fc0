//! Databases of their own on a PostgreSQL server, for what the program must do on both stores.

use std::io::Write;
use std::str::FromStr;
use std::sync::Once;
use std::sync::atomic::{AtomicU64, Ordering};

use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};

/// A database of one test's own, owned by a role without special rights, as in a city; removed when dropped.
pub struct Database {
    /// Its address, as `--desk` takes it.
    pub url: String,
    /// Its name; that of its owner begins so.
    name: String,
    /// The server with all rights.
    server: PgConnectOptions,
}

impl Database {
    /// A database on the server of `ANSINH_TEST_POSTGRES`; `None`, and said so, when none is given.
    pub fn new() -> Option<Self> {
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
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let server = PgConnectOptions::from_str(&server).unwrap().disable_statement_logging();
        let name = format!("ansinh_test_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let password = "desk-test";
        let made = [
            format!("DROP DATABASE IF EXISTS {name}"),
            format!("DROP ROLE IF EXISTS {name}_owner"),
            format!("CREATE ROLE {name}_owner LOGIN CREATEROLE PASSWORD '{password}'"),
            format!("CREATE DATABASE {name} OWNER {name}_owner"),
        ];
        run(&server, &made).unwrap();
        let url = format!("postgres://{name}_owner:{password}@{}:{}/{name}", server.get_host(), server.get_port());
        Some(Self { url, name, server })
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // Of a killed program the server may still hold a connection. What stays behind must not hide why a test failed.
        let name = &self.name;
        let gone = [format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"), format!("DROP ROLE IF EXISTS {name}_owner")];
        if let Err(error) = run(&self.server, &gone) {
            eprintln!("{name} stays behind: {error}");
        }
    }
}

/// Runs statements one after another, each by itself.
fn run(server: &PgConnectOptions, statements: &[String]) -> Result<(), sqlx::Error> {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let mut connection = PgConnection::connect_with(server).await?;
        for statement in statements {
            sqlx::raw_sql(AssertSqlSafe(statement.clone())).execute(&mut connection).await?;
        }
        connection.close().await
    })
}
