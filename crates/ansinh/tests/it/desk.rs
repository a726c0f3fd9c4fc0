//! The store as a whole, from the command line: backed up, restored elsewhere, checked.

use crate::support::{ansinh, good, text};

#[test]
fn a_desk_moves_to_another_place_by_one_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let (data, file, other) = (path("data"), path("backup"), path("other.sqlite"));
    assert!(good(&["desk", "migrate", "--data", text(&data)])["applied"].as_i64().unwrap() >= 3);
    assert_eq!(good(&["desk", "migrate", "--data", text(&data)])["applied"], 0);
    let backup = good(&["desk", "backup", text(&file), "--data", text(&data)]);
    let again = ansinh(&["desk", "backup", text(&file), "--data", text(&data), "--json"]);
    assert_eq!((again.code, again.error()["code"].as_str()), (4, Some("desk_backup")), "no file is written over");

    let restored = good(&["desk", "restore", text(&file), "--desk", text(&other)]);
    assert_eq!(restored["restored"]["content"], backup["backup"]["content"]);
    let full = ansinh(&["desk", "restore", text(&file), "--desk", text(&other), "--json"]);
    assert_eq!((full.code, full.error()["code"].as_str()), (4, Some("desk_not_empty")));
    assert_eq!(good(&["desk", "check", "--desk", text(&other)])["whole"], true);
    // The backup's event, and that it was restored.
    assert_eq!(good(&["audit", "verify", "--desk", text(&other)])["events"], 2);
}

#[test]
fn a_store_whose_steps_were_changed_is_not_opened() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    good(&["desk", "migrate", "--data", text(&data)]);
    let store = data.join("desk.sqlite");
    let mut bytes = std::fs::read(&store).unwrap();
    // The hash of a step is written as text: another letter is another step.
    let name = b"school_answer";
    let at = bytes.windows(name.len() + 8).position(|w| w.starts_with(name) && w[name.len()..].iter().all(u8::is_ascii_hexdigit));
    let at = at.unwrap() + name.len();
    bytes[at] = if bytes[at] == b'0' { b'1' } else { b'0' };
    std::fs::write(&store, bytes).unwrap();
    let outcome = ansinh(&["desk", "check", "--data", text(&data), "--json"]);
    // A changed step stops at the door.
    assert_eq!((outcome.code, outcome.error()["code"].as_str()), (4, Some("desk_migration_changed")));
}

#[test]
fn the_password_of_the_desk_is_not_printed() {
    let folder = tempfile::tempdir().unwrap();
    let shown = good(&["config", "--data", text(folder.path()), "--desk", "postgres://desk:mat-khau@127.0.0.1/desk"]);
    assert_eq!(shown["desk"]["value"], "postgres://desk:***@127.0.0.1/desk");
    assert_eq!(shown["desk"]["source"], "flag");
}

#[test]
fn keys_are_made_rotated_and_checked_and_a_backup_is_sealed() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let (data, keys, file, other) = (path("data"), path("keys"), path("backup"), path("other.sqlite"));
    let with = |what: &[&str]| {
        [what, &["--data", text(&data), "--keys", text(&keys)]].concat().iter().map(|w| (*w).to_owned()).collect::<Vec<_>>()
    };
    let missing = ansinh(&[with(&["desk", "check"]), vec!["--json".into()]].concat());
    assert_eq!(
        (missing.code, missing.error()["code"].as_str()),
        (4, Some("desk_key_file")),
        "a file that is named must be there"
    );
    let first = good(&with(&["desk", "keys", "new"]))["added"].clone();
    assert_eq!(ansinh(&with(&["desk", "keys", "new"])).code, 2, "no key file is written over");
    let second = good(&with(&["desk", "keys", "rotate"]));
    assert_ne!(second["added"], first);
    assert_eq!(second["keys"]["current"], second["added"]);
    good(&with(&["desk", "backup", text(&file)]));
    assert!(std::fs::read(&file).unwrap().starts_with(b"An Sinh sealed desk backup"));
    let refused = ansinh(&["desk", "restore", text(&file), "--desk", text(&other), "--json"]);
    assert_eq!((refused.code, refused.error()["code"].as_str()), (4, Some("desk_key_missing")));
    good(&["desk", "restore", text(&file), "--desk", text(&other), "--keys", text(&keys)]);
    assert_eq!(good(&["desk", "keys", "check", "--desk", text(&other), "--keys", text(&keys)])["keys"]["lost"], 0);
    let none = ansinh(&["desk", "keys", "check", "--data", text(&data), "--json"]);
    assert_eq!((none.code, none.error()["code"].as_str()), (4, Some("desk_no_keys")));
}
