//! docs/THREATS.md names a test for every promise.

use std::path::Path;

const THREATS: &str = include_str!("../../docs/THREATS.md");

/// Every `file::test` of the page is a test of that file, and every line of its tables names one.
#[test]
fn every_promise_has_its_test() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it");
    let mut named = 0;
    for line in THREATS.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| what ")) {
        let tests: Vec<&str> = line.split('`').filter(|word| word.contains("::")).collect();
        assert!(!tests.is_empty(), "no test: {line}");
        for test in tests {
            let (file, name) = test.rsplit_once("::").unwrap();
            let file = folder.join(format!("{}.rs", file.replace("::", "/")));
            let text =
                std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{test}: {}: {error}", file.display()));
            assert!(text.contains(&format!("fn {name}(")), "{test} is not in {}", file.display());
            named += 1;
        }
    }
    assert!(named >= 40, "only {named} tests are named");
}
