//! The hash follows the content and nothing else.

use law::Law;
use proptest::prelude::*;

use crate::folder;

const PLAIN: &str = "
key: test.share
description:
  vi: Tỷ lệ thử
  en: A share that only tests know
unit: rate
selector: {name: order, values: ['1', '2']}
values:
  - from: 2020-01-01
    value: {'1': 1, '2': 0.7}
    reference: {law: Luật thử, article: Điều 1}
    confidence: V
";

/// The same content in another layout, with comments, other quotes and another order of keys.
const OTHERWISE: &str = "
# A comment.
unit: \"rate\"
values:
- confidence: V
  reference:
    article: 'Điều 1'
    law: >-
      Luật
      thử
  value:
    \"2\": 0.70
    \"1\": 1.0
  from: '2020-01-01'
selector:
  values:
    - \"1\"
    - \"2\"
  name: order
description: {en: \"A share that only tests know\", vi: \"Tỷ lệ thử\"}
key: test.share
";

fn hash(text: &str) -> [u8; 32] {
    Law::load([("test/share.yaml", text)]).unwrap_or_else(|errors| panic!("{errors}")).hash()
}

#[test]
fn layout_does_not_count() {
    assert_eq!(hash(PLAIN), hash(OTHERWISE));
    assert_eq!(hash(PLAIN), hash(&OTHERWISE.replace('\n', "\r\n")), "a file saved under Windows");
    assert_eq!(hash(PLAIN), hash(&format!("\u{feff}{PLAIN}")), "a file saved with a byte order mark");
}

#[test]
fn every_part_of_the_content_counts() {
    let changes = [
        ("Tỷ lệ thử", "Tỷ lệ khác"),
        ("A share", "Some share"),
        ("rate\n", "count\n"),
        ("name: order", "name: place"),
        ("2020-01-01", "2020-01-02"),
        ("'2': 0.7", "'2': 0.6"),
        ("'2': 0.7", "'2': null"),
        ("Luật thử", "Luật khác"),
        ("Điều 1", "Điều 2"),
        ("article: Điều 1", "article: Điều 1, clause: khoản 1"),
        ("confidence: V", "confidence: K"),
        ("confidence: V", "confidence: V\n    note: Ghi chú"),
    ];
    for (from, to) in changes {
        let mut changed = PLAIN.replace(from, to);
        assert_ne!(changed, PLAIN, "{from} is not in the text");
        // A count has no decimals.
        if to.starts_with("count") {
            changed = changed.replace("0.7", "7");
        }
        assert_ne!(hash(PLAIN), hash(&changed), "{from} -> {to}");
    }
}

#[test]
fn a_parameter_more_or_less_counts() {
    let files = folder::files();
    let parameters: Vec<_> = files.iter().filter(|(path, _)| path.ends_with(".yaml")).cloned().collect();
    assert_eq!(folder::load(&parameters).hash(), folder::law().hash(), "pages for readers are no law");
    assert_ne!(folder::load(&parameters[1..]).hash(), folder::law().hash());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]
    #[test]
    fn the_order_of_the_files_does_not_count(files in Just(folder::files().to_vec()).prop_shuffle()) {
        prop_assert_eq!(folder::load(&files).hash(), folder::law().hash());
    }
}
