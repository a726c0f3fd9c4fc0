//! Our law in OpenFisca's layout and back.

use law::Law;
use law::openfisca::{export, import};

use crate::folder::law;

#[test]
fn the_whole_law_goes_out_and_comes_back_the_same() {
    let files: Vec<(String, String)> = law()
        .parameters()
        .map(|parameter| {
            let text = import(&parameter.key, &export(parameter)).unwrap_or_else(|e| panic!("{}: {e}", parameter.key));
            (format!("{}.yaml", parameter.key.replace('.', "/")), text)
        })
        .collect();
    let back = Law::load(files.iter().map(|(path, text)| (path.as_str(), text.as_str()))).unwrap_or_else(|e| panic!("{e}"));
    for (before, after) in law().parameters().zip(back.parameters()) {
        assert_eq!(before, after);
    }
    assert_eq!(law().hash(), back.hash());
}

#[test]
fn a_file_of_theirs_comes_in_as_uncertain() {
    let theirs = "description: Mức thử\nmetadata:\n  unit: currency-VND\nvalues:\n  2020-01-01:\n    value: 100\n    reference: Luật thử\n  2019-01-01:\n    value: null\n    reference: Luật cũ\n";
    let ours = import("test.fee", theirs).unwrap();
    let law = Law::load([("test/fee.yaml", ours.as_str())]).unwrap_or_else(|e| panic!("{e}\n{ours}"));
    let shown = law.show("test.fee", "2020-06-01".parse().unwrap(), None).unwrap();
    assert_eq!((shown.value.unwrap().to_string(), shown.confidence.as_str()), ("100".into(), "U"));
    assert_eq!(law.at("test.fee", "2019-06-01".parse().unwrap(), None).unwrap(), None);
}

#[test]
fn what_is_not_theirs_is_refused_with_its_place() {
    for (text, said) in [
        ("description: A\nmetadata: {unit: /1}\n", "1:1: neither `values` nor `brackets` nor a node of parameters"),
        ("description: A\nvalues: {2020-01-01: 1}\n", "1:1: `metadata: unit` is missing or unknown"),
        ("metadata: {unit: /1}\nvalues:\n  2020-01-01: {value: 1}\n", "3:15: a value without `reference` does not come in"),
        ("a: [", "1:"),
    ] {
        let error = import("test.fee", text).unwrap_err().to_string();
        assert!(error.starts_with(said), "{error} for {text}");
    }
}
