//! The portal in a real browser (`e2e/portal.mjs`): keyboard, axe, narrow screens, no script.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::server::Portal;

#[test]
fn the_portal_works_in_a_browser() {
    let portal = Portal::open();
    if script("portal.mjs", &portal, &[]) {
        // Everything that was looked at in the browser is in the audit log as well.
        assert!(portal.audit_events() > 20);
    }
}

#[test]
fn signing_in_works_in_a_browser() {
    let (portal, code) = Portal::open_for_accounts();
    script("access.mjs", &portal, &[("ANSINH_CODE", &code)]);
}

#[test]
fn the_plan_is_followed_in_a_browser() {
    script("followup.mjs", &Portal::open(), &[]);
}

#[test]
fn committees_surveys_donors_and_money_work_in_a_browser() {
    script("beside.mjs", &Portal::open(), &[]);
}

#[test]
fn collectors_work_in_a_browser() {
    script("collectors.mjs", &Portal::open(), &[]);
}

#[test]
fn signing_in_with_the_account_of_the_city_works_in_a_browser() {
    let city = crate::single::City::open("");
    drop(city.user("u-an", "city_officer", "person-1"));
    let settings = [("ANSINH_LOGIN", "u-an"), ("ANSINH_PASSWORD", crate::accounts::PASSWORD)];
    script("single.mjs", &city.portal, &settings);
}

#[test]
fn pages_of_personal_data_work_in_a_browser() {
    let portal = Portal::open();
    if script("privacy.mjs", &portal, &[]) {
        assert!(portal.audit_events() > 20);
    }
}

#[test]
fn documents_work_in_a_browser() {
    let portal = Portal::open();
    if script("documents.mjs", &portal, &[]) {
        assert!(portal.audit_events() > 20);
    }
}

#[test]
fn claims_are_audited_in_a_browser() {
    let portal = Portal::open_copy(crate::claims::audited());
    if script("claims.mjs", &portal, &[]) {
        assert!(portal.audit_events() > 20);
    }
}

/// Every role's own menu, each entry once, in both languages.
#[test]
fn every_role_finds_its_own_menu_readable_in_a_browser() {
    let portal = Portal::open();
    if script("roles.mjs", &portal, &[]) {
        assert!(portal.audit_events() > 20);
    }
}

/// Runs a script of `e2e`; false when there is no browser and none is required.
fn script(name: &str, portal: &Portal, settings: &[(&str, &str)]) -> bool {
    let e2e = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../e2e");
    let chromium = match parts(&e2e) {
        Ok(chromium) => chromium,
        Err(missing) => {
            let required = std::env::var("ANSINH_REQUIRE").unwrap_or_default();
            assert!(!required.split(',').any(|word| word.trim() == "browser"), "a browser is required, but {missing}");
            // Past the test harness, which keeps back what passing tests print.
            drop(writeln!(std::io::stderr(), "SKIPPED (browser): {missing}"));
            return false;
        }
    };
    let output = Command::new("node")
        .arg(name)
        .arg(portal.address())
        .current_dir(&e2e)
        .env("ANSINH_CHROMIUM", chromium)
        .envs(settings.iter().copied())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    println!("{said}");
    true
}

/// The browser's program, or what is missing.
fn parts(e2e: &Path) -> Result<PathBuf, String> {
    let chromium = std::env::var_os("ANSINH_CHROMIUM").map_or_else(|| PathBuf::from("/usr/bin/chromium"), PathBuf::from);
    if !chromium.exists() {
        return Err(format!("there is no Chromium at {} (ANSINH_CHROMIUM)", chromium.display()));
    }
    if !Command::new("node").arg("--version").output().is_ok_and(|o| o.status.success()) {
        return Err("node does not run".to_owned());
    }
    if !e2e.join("node_modules/playwright-core").exists() || !e2e.join("node_modules/axe-core").exists() {
        return Err("e2e/node_modules is missing; run `npm ci` in e2e".to_owned());
    }
    Ok(chromium)
}
